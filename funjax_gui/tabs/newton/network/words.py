"""Controls and texts of the network dialog."""

from funjax_gui.figures import method_style
from funjax_gui.style import Colours
from funjax_gui.tabs.newton.network import page
from funjax_gui.widgets import ChoiceControl, Control, LogSlider, WholeSlider, control_for
from kernels.network import ACTIVATIONS, DATA, NETWORK_METHODS, NetworkFrame, NetworkRequest, OwnData
from kernels.validation import grouped

OWN, CSV = "own", "csv"
"""Choices of data: the points read from a file, and to choose one."""

BY_TITLES = {"evaluations": "Evaluations", "seconds": "Seconds"}

LINES = {"hessian-free": "●──", "l-bfgs": "✕∙∙∙", "adam": "★∙∙∙", "gradient": "▼∙∙∙"}
"""Line samples in the summary."""

METHOD_TIPS = {
    "hessian-free": "Conjugate gradients on the damped Gauss–Newton matrix, of which only products with vectors are computed",
    "l-bfgs": "The inverse Hessian from the last ten steps and changes of the gradient, with a line search",
    "adam": "Steps scaled by running means of the gradient and of its square",
    "gradient": "Steps along the gradient, of a constant step size",
}

EXPLAINED = (
    (
        "Outputs and data",
        "Horizontal and vertical: the two inputs. The background has the colour of the class that the network of the method chosen "
        "gives, fainter where it is less certain; at the boundary it is undecided. Discs and triangles are the training points of the "
        "two classes, hollow ones the test points.\nOf a fit: horizontal the input, vertical the output; a curve for each method.",
    ),
    (
        "Training loss",
        "Horizontal: evaluations of the gradient or seconds of training, without compiling; vertical: the mean loss on the training data "
        "with the weight decay, on a logarithmic axis. A product with a curvature matrix counts as two evaluations.",
    ),
    (
        "Test data",
        "Vertical: the share of test points that get the right class, in percent; of a fit the root mean square error on the test data. "
        "They take no part in training: a loss that falls while this gets worse is overfitting.",
    ),
    (
        "Curvature",
        "The largest and the smallest eigenvalue of the Hessian of the loss, by 16 steps of Lanczos’s method, on a logarithmic axis; "
        "hollow marks are negative ones, of directions in which the loss is curved downwards. Or the residuals of the last solve by "
        "conjugate gradients, or the damping of the Hessian-free method by Levenberg and Marquardt’s rule.",
    ),
)
"""Name and help text of the picture and of the three plots."""


def make_controls() -> dict[str, Control]:
    """The controls of a request's fields."""
    about = {name: spec.metadata for name, spec in NetworkRequest.__dataclass_fields__.items()}
    made: dict[str, Control] = {"data": ChoiceControl(about["data"]["label"], (), about["data"]["tip"])}
    for name in ("samples", "data_seed", "width", "depth", "seed"):
        made[name] = control_for(NetworkRequest, name)
    activations = [(name, name) for name in ACTIVATIONS]
    made["activation"] = ChoiceControl(about["activation"]["label"], activations, about["activation"]["tip"])
    made["cg_steps"] = WholeSlider(about["cg_steps"]["label"], 1, about["cg_steps"]["most"], about["cg_steps"]["tip"])
    for name in ("noise", "rate", "adam_rate", "damping", "decay"):
        meta = about[name]
        made[name] = LogSlider(meta["label"], meta["low"], meta["high"], meta["tip"])
    return made


def data_choices(request: NetworkRequest) -> list[tuple[str, str]]:
    """Kinds of data; points of one's own by the name of their file."""
    own = [(OWN, request.data.name)] if isinstance(request.data, OwnData) else []
    return [*((name, title) for name, (title, _) in DATA.items()), *own, (CSV, "From a CSV…")]


def summary(request: NetworkRequest, frame: NetworkFrame | None, colours: Colours) -> str:
    """Where each method is, and the memory, as rich text."""
    if frame is None:
        return f"{page.network_text(request)}. The kernels of a new size are compiled first."
    lines = []
    for run in frame.runs:
        style = method_style(run.method)
        sample = f'<span style="color:{getattr(colours, style.role)}">{LINES[run.method]}</span>'
        lines.append(f"{sample} {NETWORK_METHODS[run.method][0]}: {run.sentence}")
    return "<br>".join([*lines, f"{frame.memory} {frame.device}, float64"])


def progress(frame: NetworkFrame | None, running: bool) -> str:
    """How far the training is, and what is compiled."""
    count = f"{grouped(frame.evaluations if frame else 0)} evaluations"
    if not running:
        return count
    compiled = frame.preparing if frame else "the outputs"
    return f"{count} · {f'compiling {compiled}' if compiled else 'training'}"


def described(frame: NetworkFrame) -> str:
    """Description of the picture for screen readers."""
    found = " ".join(f"{NETWORK_METHODS[run.method][0]}: {run.sentence}" for run in frame.runs)
    return f"{page.data_title(frame.request)}, {page.network_text(frame.request)}. {found}"
