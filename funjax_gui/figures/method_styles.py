"""Colours, dash patterns and markers of methods and stationary points, distinguishable without colour."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from funjax_gui.figures.items import DASHES
from funjax_gui.figures.markers import outline
from funjax_gui.style import Colours


@dataclass(frozen=True)
class MethodStyle:
    """Colour (a role of the theme), dash pattern and marker of a method."""

    role: str
    dash: str
    shape: str


METHOD_STYLES = {
    "newton": MethodStyle("accent", "solid", "circle"),
    "newton-factorised": MethodStyle("muted", "dot", "plus"),
    "newton-cg": MethodStyle("accent2", "dash", "square"),
    "damped-newton": MethodStyle("good", "long", "diamond"),
    "trust-region": MethodStyle("bad", "dash-dot", "triangle"),
    "gradient": MethodStyle("text", "dot", "triangle-down"),
    "gradient-newton-step": MethodStyle("muted", "dash", "star"),
    "gauss-newton": MethodStyle("accent2", "dot", "plus"),
    "bfgs": MethodStyle("good", "solid", "square"),
    "l-bfgs": MethodStyle("good", "dot", "cross"),
    "nonlinear-cg": MethodStyle("accent2", "long", "triangle"),
    "heavy-ball": MethodStyle("bad", "solid", "diamond"),
    "nesterov": MethodStyle("bad", "dash", "circle"),
    "adam": MethodStyle("bad", "dot", "star"),
    "nelder-mead": MethodStyle("muted", "long", "triangle-down"),
    "hessian-free": MethodStyle("accent", "solid", "circle"),
    # Methods for equations only.
    "newton-multiplicity": MethodStyle("accent2", "dash", "square"),
    "halley": MethodStyle("bad", "dash-dot", "triangle"),
    "secant": MethodStyle("text", "dot", "triangle-down"),
    "broyden": MethodStyle("bad", "dash-dot", "triangle"),
    "levenberg-marquardt": MethodStyle("muted", "dash", "star"),
    "bisection": MethodStyle("muted", "dot", "plus"),
    "brent": MethodStyle("accent2", "dash-dot", "cross"),
}

KIND_SHAPES = {"minimum": "circle", "maximum": "triangle", "saddle": "cross", "degenerate": "diamond"}
"""Marker of each kind of stationary point."""


def method_style(method: str) -> MethodStyle:
    """Style of a method; a plain one if none is defined."""
    return METHOD_STYLES.get(method, MethodStyle("text", "solid", "circle"))


def method_swatch(method: str, colours: Colours, ratio: float = 1.0) -> QPixmap:
    """A piece of the method's line with its marker, as a pixmap."""
    width, height, style = 30, 14, method_style(method)
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(getattr(colours, style.role))
    pen = QPen(colour, 1.6)
    if DASHES[style.dash]:
        pen.setDashPattern([part * 0.7 for part in DASHES[style.dash]])
    painter.setPen(pen)
    painter.drawLine(QPointF(1, height / 2), QPointF(width - 1, height / 2))
    painter.translate(QRectF(0, 0, width, height).center())
    painter.setPen(QPen(colour, 1.4))
    painter.setBrush(colour if style.shape not in ("plus", "cross") else Qt.BrushStyle.NoBrush)
    painter.drawPath(outline(style.shape, 7.0))
    painter.end()
    return pixmap


def method_icon(method: str, colours: Colours) -> QIcon:
    """The swatch as an icon."""
    return QIcon(method_swatch(method, colours, 2.0))
