"""The controls of a form, by the keys and clicks that a hand makes."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QCursor, QFontMetrics, QGuiApplication, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.formatting import MINUS, minus_sign, plain_decimal
from funjax_gui.tabs.newton.panel import PointControl
from funjax_gui.widgets.controls import (
    ChoiceControl,
    Control,
    CountControl,
    NumberControl,
    SliderControl,
    SwitchControl,
    control_for,
)
from funjax_gui.widgets.editors import shortened
from funjax_gui.widgets.log_sliders import LogSlider, WholeSlider
from funjax_gui.widgets.panel import Panel, Stack
from funjax_gui.widgets.play_button import LONGEST, SECONDS
from kernels.bifurcation.request import MOST_STEPS, BifurcationRequest
from kernels.geometry import decimal

LEFT = Qt.MouseButton.LeftButton
LONG = "3.56994567187094490184200515138649893"
SHOWN_FIELDS = [field.name for field in fields(BifurcationRequest) if "label" in field.metadata]


def shown(qtbot: QtBot, control: Control) -> Control:
    qtbot.addWidget(control)
    control.resize(250, 60)
    control.show()
    control.activateWindow()
    assert QTest.qWaitForWindowActive(control, 60_000)
    control.heard = []  # type: ignore[attr-defined]
    control.edited.connect(control.heard.append)  # type: ignore[attr-defined]
    return control


@pytest.fixture
def number(qtbot: QtBot) -> Any:
    control = shown(qtbot, NumberControl("right", "A limit"))
    control.set_value(4.0)
    return control


@pytest.fixture
def count(qtbot: QtBot) -> Any:
    control = shown(qtbot, CountControl("Samples", 1, MOST_STEPS))
    control.set_value(1000)
    return control


@pytest.fixture
def slider(qtbot: QtBot) -> Any:
    control = shown(qtbot, SliderControl("a", 0.0, 4.0, "The parameter"))
    control.set_value(1.0)
    return control


def line(control: Control) -> QLineEdit:
    return control.findChild(QLineEdit)


def handle(control: Control) -> QSlider:
    return control.findChild(QSlider)


def typed(control: Control, text: str, end: Qt.Key | None = Qt.Key.Key_Return) -> None:
    """Replace the text by keys; QTest.keyClicks knows no sign beyond Latin-1."""
    editor = line(control)
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    for sign in text:
        QApplication.sendEvent(editor, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign))
    if end is not None:
        QTest.keyClick(editor, end)


def complaint_line(control: Control) -> QLabel:
    return next(label for label in control.findChildren(QLabel) if label.property("role") == "complaint")


# --- numbers ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (LONG, LONG),
        ("-0.1", "-0.1"),
        ("−2.5", "-2.5"),
        (" 3.5 ", "3.5"),
        ("1e-9", "1e-9"),
        ("3.569 945", "3.569945"),
        ("3.569\u2009945", "3.569945"),
        ("3.569\u202f945", "3.569945"),
        ("3.569\u00a0945", "3.569945"),
    ],
)
def test_a_number_keeps_all_its_digits(number: Any, text: str, value: str) -> None:
    typed(number, text)
    assert number.heard == [Decimal(value)]
    assert number.complaint == ""


@pytest.mark.parametrize("text", ["abc", "", "3,5", "3.5.1", "inf", "nan", "1e9999999", "0x10"])
def test_what_is_no_number_gets_one_line_and_stays_for_mending(number: Any, text: str) -> None:
    typed(number, text)
    assert number.heard == []
    assert number.complaint and "\n" not in number.complaint
    assert "write" in number.complaint
    assert complaint_line(number).isVisible()
    assert line(number).text() == text
    assert line(number).property("wrong") is True
    typed(number, "3.5")
    assert number.heard == [Decimal("3.5")]
    assert not complaint_line(number).isVisible()
    assert line(number).property("wrong") is False


def test_a_complaint_is_read_without_being_cut_off(number: Any) -> None:
    typed(number, "abc" * 5)
    label = complaint_line(number)
    assert label.height() >= label.heightForWidth(label.width())


def test_escape_brings_back_the_value(number: Any) -> None:
    for bad in ("abc", "3.9"):
        typed(number, bad, None)
        if bad == "abc":
            QTest.keyClick(line(number), Qt.Key.Key_Return)
        QTest.keyClick(line(number), Qt.Key.Key_Escape)
        assert line(number).text() == "4"
        assert number.complaint == ""
    QTest.keyClick(line(number), Qt.Key.Key_Return)
    assert number.heard == []


def test_escape_is_the_windows_only_when_there_is_nothing_to_give_up(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    control, stopped = NumberControl("left"), []
    control.setParent(window)
    control.set_value(1)
    action = QAction(window)
    action.setShortcut("Esc")
    action.triggered.connect(lambda: stopped.append(True))
    window.addAction(action)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 60_000)
    typed(control, "2", None)
    QTest.keyClick(line(control), Qt.Key.Key_Escape)
    assert (line(control).text(), stopped) == ("1", [])
    QTest.keyClick(line(control), Qt.Key.Key_Escape)
    assert stopped == [True]


def test_enter_without_a_change_says_nothing(number: Any) -> None:
    line(number).setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(line(number), key)
    typed(number, "4")
    assert number.heard == []


def test_going_elsewhere_takes_what_was_typed(qtbot: QtBot) -> None:
    panel, first, second = Panel(), NumberControl("left"), NumberControl("right")
    qtbot.addWidget(panel)
    panel.add_group("View", first, second)
    panel.show()
    panel.activateWindow()
    assert QTest.qWaitForWindowActive(panel, 60_000)
    heard: list[Decimal] = []
    first.edited.connect(heard.append)
    typed(first, "3.5", Qt.Key.Key_Tab)
    assert heard == [Decimal("3.5")]
    assert line(second).hasFocus()
    assert line(second).selectedText() == line(second).text()


def test_a_refused_value_is_said_where_it_was_typed(number: Any) -> None:
    number.edited.connect(lambda value: number.complain(f"{value} will not do"))
    typed(number, "3.25")
    assert number.complaint == "3.25 will not do"
    assert line(number).text() == "3.25"
    number.set_value(Decimal(LONG))
    assert number.complaint == ""
    assert line(number).text() == LONG


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (Decimal(LONG), LONG),
        (1e-7, "1e-7"),
        (5e-324, "5e-324"),
        (1e22, "1e22"),
        (1.7976931348623157e308, "1.7976931348623157e308"),
        (Decimal("1.23456789012345678901234567890123456789E-9"), "1.23456789012345678901234567890123456789e-9"),
        (Decimal(10**29 + 1), "1.00000000000000000000000000001e29"),
        (-1e-9, "-1e-9"),
        (0.0, "0"),
        (4.0, "4"),
    ],
)
def test_numbers_are_shown_whole(number: Any, value: Decimal | float, text: str) -> None:
    number.set_value(value)
    assert line(number).text() == minus_sign(text)
    assert number.heard == []


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_shown_reads_back_as_the_same(value: Decimal | float) -> None:
    assert decimal(plain_decimal(decimal(value))) == decimal(value)


# --- counts ---


@pytest.mark.parametrize("text", ["10000", "10 000", "10\u2009000", "10\u202f000", "1e4", "1E+4", "10000.0", " 10000"])
def test_a_count_may_be_written_in_many_ways(count: Any, text: str) -> None:
    typed(count, text)
    assert count.heard == [10000]
    assert type(count.heard[0]) is int


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0", "0 is out of range"),
        ("-1", "-1 is out of range"),
        ("1e10", "1e10 is out of range"),
        ("10.5", "10.5 is not a whole number"),
        ("1e-5", "1e-5 is not a whole number"),
        ("many", "'many' is not a number"),
        ("", "a number is missing"),
        ("inf", "'inf' is not a number"),
    ],
)
def test_a_bad_count_is_told_the_range(count: Any, text: str, said: str) -> None:
    typed(count, text)
    assert count.heard == []
    assert count.complaint == f"{said}; give a whole number from 1 to 2 147 483 647"
    assert line(count).text() == text


@given(st.integers(1, MOST_STEPS))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_count_as_shown_may_be_typed(count: Any, value: int) -> None:
    count.set_value(value)
    text = line(count).text()
    count.set_value(1 if value > 1 else 2)
    count.heard.clear()
    typed(count, text)
    assert count.heard == [value]


# --- sliders ---


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (Qt.Key.Key_Right, 1.004),
        (Qt.Key.Key_Left, 0.996),
        (Qt.Key.Key_PageUp, 1.2),
        (Qt.Key.Key_PageDown, 0.8),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 4.0),
    ],
)
def test_a_slider_moves_by_keys(slider: Any, key: Qt.Key, value: float) -> None:
    QTest.keyClick(handle(slider), key)
    assert slider.heard == [value]
    assert type(slider.heard[0]) is float
    assert float(line(slider).text().replace(MINUS, "-")) == value


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def played(control: Any, *seconds: float) -> list[float]:
    """The values that a slider brings at these times after the start of the play button, which is clicked here."""
    control.player._clock = clock = Clock()
    QTest.mouseClick(control.player, LEFT, pos=QPoint(8, control.player.height() // 2))
    assert control.player.is_playing and control.is_changing
    control.heard.clear()
    for clock.now in seconds:
        control.player.timer.timeout.emit()
    return list(control.heard)


def test_a_slider_plays_back_and_forth(slider: Any) -> None:
    tenth = SECONDS / 40  # of the range 0 to 4, so 0.1
    slider.set_value(3.8)
    assert played(slider, *(tenth * n for n in range(1, 6))) == pytest.approx([3.9, 4.0, 3.9, 3.8, 3.7])
    QTest.mouseClick(slider.player, LEFT, pos=QPoint(8, slider.player.height() // 2))
    assert not slider.player.is_playing and slider.heard[-1] == pytest.approx(3.7)


@pytest.mark.parametrize(("way", "values", "playing"), [("Once", [3.9, 4.0], False), ("In a loop", [3.9, 0.0, 0.1], True)])
def test_a_slider_plays_once_or_in_a_loop(slider: Any, way: str, values: list[float], playing: bool) -> None:
    slider.set_value(3.8)
    chosen(slider, way, "Double speed")
    assert played(slider, *(SECONDS / 80 * n for n in range(1, 4))) == pytest.approx(values)
    assert slider.player.is_playing == playing
    slider.player.stop()
    if way == "Once":
        assert played(slider, SECONDS / 80) == pytest.approx([0.1])  # from the beginning again


def chosen(slider: Any, *texts: str) -> None:
    menu = slider.player.menu()
    menu.aboutToShow.emit()
    for text in texts:
        next(action for action in menu.actions() if action.text() == text).trigger()


def test_frames_are_dropped_while_the_pictures_are_behind(slider: Any) -> None:
    behind = iter([True, True, False])
    slider.player.is_behind = lambda: next(behind)
    tenth = SECONDS / 40
    assert played(slider, tenth / 3, 2 * tenth / 3, tenth) == pytest.approx([1.1])
    slider.player.is_behind = lambda: False
    slider.player.stop()
    assert played(slider, 100.0) == pytest.approx([1.1 + 4.0 * LONGEST / SECONDS], abs=0.01)


@pytest.mark.parametrize("touch", ["press", "key", "type", "hide"])
def test_a_played_slider_stops_when_it_is_touched(slider: Any, touch: str) -> None:
    played(slider, 0.1)
    if touch == "press":
        bar = handle(slider)
        QTest.mousePress(bar, LEFT, pos=QPoint(2 + slider._slider.value() * (bar.width() - 12) // 1000, bar.height() // 2))
        QTest.mouseRelease(bar, LEFT)
    elif touch == "key":
        QTest.keyClick(handle(slider), Qt.Key.Key_Right)
    elif touch == "type":
        QTest.keyClicks(line(slider), "3")
    else:
        slider.hide()
    assert not slider.player.is_playing


@pytest.mark.parametrize("kind", [LogSlider, WholeSlider])
def test_logarithmic_sliders_are_played_too(qtbot: QtBot, kind: type[LogSlider]) -> None:
    control: Any = shown(qtbot, kind("n", 1.0, 100.0))
    control.set_value(1.0)
    heard = played(control, *(0.5 * n for n in range(1, 13)))
    assert heard == sorted(heard) and 9 < heard[-1] < 11  # the geometric mean at half of the way


@pytest.mark.parametrize(("low", "high", "decimals"), [(0.0, 4.0, 3), (-2.0, 0.25, 3), (0.0, 20.0, 2), (1e-6, 3e-6, 9), (0.0, 1e6, 0)])
def test_a_slider_dragged_brings_floats_of_its_step(qtbot: QtBot, low: float, high: float, decimals: int) -> None:
    control: Any = shown(qtbot, SliderControl("a", low, high))
    control.set_value(low)
    bar = handle(control)
    QTest.mousePress(bar, LEFT, pos=QPoint(6, bar.height() // 2))
    for x in range(10, bar.width(), 7):
        QTest.mouseMove(bar, QPoint(x, bar.height() // 2))
    QTest.mouseRelease(bar, LEFT, pos=QPoint(bar.width() // 2, bar.height() // 2))
    assert len(control.heard) > 5
    assert control.heard == sorted(control.heard)
    assert all(type(value) is float and value == round(value, decimals) for value in control.heard)
    assert low <= control.heard[0] <= control.heard[-1] <= high
    assert float(line(control).text().replace(MINUS, "-")) == control.heard[-1]


def test_a_value_beyond_the_slider_may_be_typed(slider: Any) -> None:
    for text, place in (("17.5", 1000), ("-3", 0), ("2.345678901", 586), ("1e300", 1000)):
        typed(slider, text)
        assert slider.heard[-1] == float(text)
        slider.set_value(slider.heard[-1])
        assert handle(slider).value() == place
        assert Decimal(line(slider).text().replace(MINUS, "-")) == Decimal(text)
    assert len(slider.heard) == 4


@pytest.mark.parametrize(
    ("text", "said"), [("abc", "'abc' is not a number"), ("", "a number is missing"), ("1e400", "1e400 is out of range")]
)
def test_what_is_no_number_is_told_the_usual_range(slider: Any, text: str, said: str) -> None:
    typed(slider, text)
    assert slider.complaint == f"{said}; write one such as 3.57 or 1e-9, usually from 0 to 4" and not slider.heard


@pytest.mark.parametrize(("text", "end"), [("6.283185307179586", "…"), ("6.283185307179586e−17", "…e−17"), ("exp(x)+exp(2*x)+1", "…")])
def test_a_long_text_ends_in_an_ellipsis(qapp: QApplication, text: str, end: str) -> None:
    metrics = QFontMetrics(QApplication.font())
    assert shortened(text, metrics, metrics.horizontalAdvance(text)) == text
    room = metrics.horizontalAdvance(text) * 2 // 3
    short = shortened(text, metrics, room)
    kept = short.removesuffix(end)
    assert kept + end == short and kept and text.startswith(kept) and metrics.horizontalAdvance(short) <= room


def test_another_range_says_nothing(slider: Any) -> None:
    slider.set_range(-5.0, -1.0)
    slider.set_range(10.0, 20.0)
    assert slider.heard == []


# --- choices and switches ---


def test_a_choice_brings_its_key(qtbot: QtBot) -> None:
    control: Any = shown(qtbot, ChoiceControl("Tone", [("linear", "Linear"), ("log", "Logarithmic")]))
    box = control.findChild(QComboBox)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert (control.heard, box.currentText()) == (["log"], "Logarithmic")
    control.set_value("linear")
    control.set_choices([("density", "Density"), ("period", "Period")])
    control.set_value("period")
    assert control.heard == ["log"]
    assert box.currentData() == "period"
    QTest.mouseClick(box, LEFT)
    assert box.view().isVisible()
    box.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as on a screen
    QCursor.setPos(box.mapToGlobal(box.rect().bottomRight() + QPoint(40, 40)))
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert not box.underMouse(), "an entry was chosen beside the box, which is not drawn as if the mouse were still over it"


def test_a_switch_brings_its_state(qtbot: QtBot) -> None:
    control: Any = shown(qtbot, SwitchControl("Keep refining", "On and on"))
    box = control.findChild(QCheckBox)
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    QTest.keyClick(box, Qt.Key.Key_Space)
    control.set_value(True)
    assert control.heard == [True, False]
    assert box.isChecked()


@pytest.mark.parametrize("kind", [QSlider, QComboBox])
def test_the_wheel_is_left_to_the_panel(qtbot: QtBot, slider: Any, kind: type[QWidget]) -> None:
    choice: Any = shown(qtbot, ChoiceControl("Tone", [("linear", "Linear"), ("log", "Logarithmic")]))
    control = slider if kind is QSlider else choice
    editor = control.findChild(kind)
    place = QPointF(editor.rect().center())
    arguments = (QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    event = QWheelEvent(place, QPointF(editor.mapToGlobal(place)), *arguments)
    editor.setFocus()
    QApplication.sendEvent(editor, event)
    assert not event.isAccepted()
    assert control.heard == []


# --- from a request's fields ---

SAMPLE: dict[type, Any] = {NumberControl: 3.5, CountControl: 123_456, SliderControl: 0.25, SwitchControl: True}


@pytest.mark.parametrize("name", SHOWN_FIELDS)
def test_every_field_of_a_request_has_its_control(qtbot: QtBot, name: str) -> None:
    control: Any = shown(qtbot, control_for(BifurcationRequest, name))
    about = next(field.metadata for field in fields(BifurcationRequest) if field.name == name)
    editor = control.editor
    assert editor.accessibleName() == about["label"]
    assert editor.accessibleDescription() == control.toolTip() == control.whatsThis()
    assert control.toolTip().splitlines()[0] == about["tip"]
    assert editor.focusPolicy() & Qt.FocusPolicy.TabFocus
    if isinstance(control, ChoiceControl):
        control.set_choices([("one", "One"), ("two", "Two")])
    control.set_value(SAMPLE.get(type(control), "two"))
    assert control.heard == []
    control.set_label("Another")
    assert control.label == editor.accessibleName() == "Another"


def test_the_kinds_of_control_follow_the_fields(qtbot: QtBot) -> None:
    kinds = {name: type(shown(qtbot, control_for(BifurcationRequest, name))) for name in SHOWN_FIELDS}
    assert kinds == {
        "map": ChoiceControl,
        "sweep": ChoiceControl,
        "observe": ChoiceControl,
        "start": SliderControl,
        "follow": ChoiceControl,
        "transient": CountControl,
        "samples": CountControl,
        "keep_refining": SwitchControl,
    }


def test_a_label_leads_to_its_editor(number: Any) -> None:
    label = next(label for label in number.findChildren(QLabel) if label.text() == "right")
    assert label.buddy() is line(number)
    assert line(number).accessibleDescription() == "A limit"


# --- panels ---


def test_a_stack_deletes_what_it_held(qtbot: QtBot) -> None:
    stack = Stack()
    qtbot.addWidget(stack)
    first, second = NumberControl("b"), NumberControl("c")
    stack.replace([first])
    with qtbot.waitSignal(first.destroyed):
        stack.replace([second])
    assert stack.findChildren(NumberControl) == [second]
    stack.replace([])
    assert stack.isHidden()


def test_labels_and_editors_of_a_panel_line_up(qtbot: QtBot) -> None:
    panel = Panel()
    qtbot.addWidget(panel)
    controls = [NumberControl("a from"), CountControl("Samples", 1, 9), ChoiceControl("Tone", [("log", "Logarithmic " * 9)])]
    panel.add_group("View", *controls)
    panel.resize(260, 300)
    panel.show()
    lefts = {control.editor.mapTo(panel, QPoint(0, 0)).x() for control in controls}
    assert len(lefts) == 1
    assert all(control.width() <= 260 for control in controls)
    assert any(label.text() == "VIEW" for label in panel.findChildren(QLabel))


@pytest.mark.parametrize("text", ["1e400", "-1e400", "1e99999", "9" * 400, "1e-400", "nan", "inf", "−∞", "1e", "٣", "1_0", "0x10", ""])
def test_no_text_in_a_number_field_raises(qtbot: QtBot, text: str) -> None:
    made = (NumberControl("a"), CountControl("n", 1, 100), SliderControl("a", 0.0, 1.0), LogSlider("a", 0.1, 1.0), WholeSlider("k", 1, 100))
    controls = (*made, PointControl("Start"))
    for control in controls:
        qtbot.addWidget(control)
        brought: list[Any] = []
        control.edited.connect(brought.append)
        line = control.editor
        assert isinstance(line, QLineEdit)
        line.setText(text)
        line.editingFinished.emit()
        values = [value for each in brought for value in (each if isinstance(each, tuple) else (each,))]
        assert control.complaint or all(decimal(value).is_finite() for value in values)  # decimal refuses infinity and NaN


def test_a_slider_moves_finely_while_shift_is_held(qtbot: QtBot) -> None:
    control = SliderControl("a", 0.0, 1.0)
    qtbot.addWidget(control)
    control.resize(260, control.sizeHint().height())
    control.show()
    slider = control.findChild(QSlider)
    assert slider.width() > 0.9 * control.width(), "it is as wide as the panel"
    control.set_value(0.5)
    slider.setSliderDown(True)
    middle = QPointF(slider.width() / 2, slider.height() / 2)

    def move(dx: float) -> None:
        at = middle + QPointF(dx, 0)
        event = QMouseEvent(QEvent.Type.MouseMove, at, slider.mapToGlobal(at), LEFT, LEFT, Qt.KeyboardModifier.ShiftModifier)
        QApplication.sendEvent(slider, event)

    before = slider.value()
    move(0.0)
    move(0.2 * slider.width())
    assert slider.value() - before == pytest.approx(0.1 * 0.2 * SliderControl.STEPS, abs=1)
    slider.setSliderDown(False)


def test_a_copied_number_has_a_hyphen_that_other_programs_read(number: Any) -> None:
    number.set_value(Decimal("-3.5e-12"))
    line(number).selectAll()
    QTest.keyClick(line(number), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "-3.5e-12"


def test_three_hundred_digits_are_typed_shown_and_copied(number: Any) -> None:
    digits = "-3." + "1415926535" * 30
    typed(number, digits)
    assert number.heard == [Decimal(digits)]
    number.set_value(number.heard[-1])
    assert line(number).text() == minus_sign(digits) and digits[1:] in line(number).toolTip().replace("\n", "")
    line(number).selectAll()
    QTest.keyClick(line(number), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == digits
