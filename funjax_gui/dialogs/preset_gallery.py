"""The preset gallery: thumbnails and descriptions."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from funjax_gui.documents import Preset, presets
from funjax_gui.style import fitting, scaled

THUMBNAIL = QSize(192, 120)


class Gallery(QDialog):
    """Thumbnails of the presets; a double click or Enter opens one. The description of the selected one is shown below."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Presets")
        self.resize(fitting(1000, 640))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setIconSize(THUMBNAIL)
        self.list.setGridSize(QSize(THUMBNAIL.width() + scaled(28), THUMBNAIL.height() + 3 * self.list.fontMetrics().height() + 16))
        self.list.setWordWrap(True)
        self.list.setAccessibleName("Presets")
        self.list.setToolTip("Choose a preset with the arrow keys; open it with Enter or a double click")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setMinimumHeight(3 * self.words.fontMetrics().height())
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.addWidget(self.list, 1)
        column.addWidget(self.words)
        for preset in presets():
            self._add(preset)
        self.list.currentItemChanged.connect(lambda item: self.words.setText(item.data(Qt.ItemDataRole.UserRole).session.about))
        self.list.itemActivated.connect(self._choose)
        self.list.setCurrentRow(0)

    def _add(self, preset: Preset) -> None:
        item = QListWidgetItem(_picture(preset), preset.session.title)
        item.setData(Qt.ItemDataRole.UserRole, preset)
        item.setToolTip(preset.session.about)
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.list.addItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
        self.close()


def _picture(preset: Preset) -> QIcon:
    """The preset's thumbnail; plain if it is missing, so that the grid keeps its shape."""
    picture = QPixmap(str(preset.thumbnail))
    if picture.isNull():
        picture = QPixmap(THUMBNAIL)
        picture.fill(Qt.GlobalColor.darkGray)
    return QIcon(picture)
