"""Formulas typed in the window, one after another: python tests/fuzz/typed.py --seconds 600 --seed 1

Each is computed in the plots of its tab, for some seconds at most. It prints the memory, and fails where after the last formula, the
200th at most, it is more than MOST above that after 20, and more than LARGEST. Of either the greatest of five readings counts, since
kernels are dropped now and then.
"""

import shutil
import time

from program import Clock, away_from_home, resident_mb

folder = away_from_home()

from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from funjax_gui.process_exit import leave  # noqa: E402
from funjax_gui.worker import share_heaps  # noqa: E402

FEW, MANY, LAST = 20, 200, 5
MOST, LARGEST = 50.0, 620.0
"""Megabytes."""

LONGEST = 3.0
"""Seconds that the plots of one formula may take."""

MAPS = ("r*x*(1-x) + {}*sin(x)", "x + {}*cos(2*x)", "x^3*{} - x", "r*exp(-x^2) - {}", "(x + {}/x)/2")
OBJECTIVES = ("(x-{0})^2 + {1}*(y-x^2)^2", "sin({0}*x)*cos(y) + {1}*x^2 + y^2", "(x^2+y-{0})^2 + (x+y^2-{1})^2")


def main() -> int:
    from funjax_gui.app.window import Window

    clock = Clock("Typed formulas in the window.")
    share_heaps()
    QApplication([])
    window = Window()
    window.resize(1200, 800)
    window.show()
    memory: list[float] = []
    kinds = ((0, "map", MAPS), (1, "map", MAPS), (2, "objective", OBJECTIVES))
    while clock.runs and len(memory) < MANY:
        tab, field, forms = clock.random.choice(kinds)
        window.tabs.setCurrentIndex(tab)
        numbers = [round(clock.random.uniform(0.1, 3), 3) for _ in range(2)]
        window.tab.panel.edited.emit(field, clock.random.choice(forms).format(*numbers))
        began = time.monotonic()
        QTest.qWait(200)
        while window.is_computing() and time.monotonic() - began < LONGEST:
            QTest.qWait(20)
        memory.append(resident_mb())
    window.close()
    before, after = (max(memory[end - LAST : end]) for end in (min(FEW, len(memory)), len(memory)))
    print(f"typed: seed {clock.seed}, {len(memory)} formulas; MB: {' '.join(f'{size:.0f}' for size in memory[::FEW])} {memory[-1]:.0f}")
    print(f"{before:.0f} MB after {FEW}, {after:.0f} after {len(memory)}")
    return 1 if after > max(before + MOST, LARGEST) else 0


if __name__ == "__main__":
    status = main()
    shutil.rmtree(folder, ignore_errors=True)  # `leave` may end the process at once
    leave(status)
