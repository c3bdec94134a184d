"""The window's look: Qt's Fusion style in the theme's colours, with a style sheet for what a palette does not cover."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from funjax_gui.files import resources
from funjax_gui.style.font_scale import points, scaled
from funjax_gui.style.theme import DARK, LIGHT, Colours

THEME_TITLES = {"system": "Follow the system", "dark": "Dark", "light": "Light"}
"""Name -> title of the themes on offer."""


def colours_for(theme: str) -> Colours:
    """The colours of a theme by name; `system` is the desktop's present theme, dark where that is not known."""
    if theme == "system":
        scheme = QApplication.styleHints().colorScheme()
        return LIGHT if scheme == Qt.ColorScheme.Light else DARK
    return {"dark": DARK, "light": LIGHT}[theme]


def apply_theme(window: QWidget, colours: Colours) -> None:
    """Apply the theme: the palette to the whole application, the style sheet to this window and its dialogs.

    A style sheet of the application would style each widget once for each of its ancestors whenever it changes, which takes four
    times as long.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if application.style().name() != "fusion":  # setting it again would go through all widgets
        application.setStyle("Fusion")
    application.setPalette(_palette(colours))
    sheet = "".join(rules(colours) for rules in (_frames, _words, _inputs, _switches, _rest))
    if window.styleSheet() != sheet:  # else Qt would style each widget anew
        window.setStyleSheet(sheet)


def _palette(c: Colours) -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, colour in {
        roles.Window: c.panel,
        roles.WindowText: c.text,
        roles.Base: c.background,
        roles.AlternateBase: c.panel,
        roles.Text: c.text,
        roles.PlaceholderText: c.muted,
        roles.Button: c.panel,
        roles.ButtonText: c.text,
        roles.BrightText: c.bad,
        roles.Highlight: c.accent,
        roles.Accent: c.accent,
        roles.HighlightedText: c.background,
        roles.Link: c.accent2,
        roles.ToolTipBase: c.panel,
        roles.ToolTipText: c.text,
        roles.Light: c.line,
        roles.Midlight: c.line,
        roles.Mid: c.line,
        roles.Dark: c.line,
        roles.Shadow: c.background,
    }.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.muted))
    return palette


def icon(name: str, colours: Colours) -> str:
    """The icon file of the theme, as a URL in a style sheet."""
    return (resources.folder() / "icons" / f"{name}-{'dark' if colours.dark else 'light'}.svg").as_posix()


def _frames(c: Colours) -> str:
    return f"""
        QMainWindow, QTabWidget, QStackedWidget {{ background: {c.background}; }}
        QMenuBar {{ background: {c.panel}; border-bottom: 1px solid {c.line}; padding: 2px; }}
        QMenuBar::item {{ padding: 4px 10px; background: transparent; }}
        QMenuBar::item:selected {{ background: {c.line}; }}
        QMenu {{ background: {c.panel}; border: 1px solid {c.line}; padding: 3px; }}
        QMenu::item {{ padding: 4px 24px 4px 14px; }}
        QMenu::item:selected {{ background: {c.line}; color: {c.text}; }}
        QMenu::item:disabled {{ color: {c.muted}; }}
        QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 8px; }}
        QTabWidget::pane {{ border: 0; border-top: 1px solid {c.line}; }}
        QTabBar {{ background: {c.background}; }}
        QTabBar::tab {{ padding: 8px 18px; border: 0; border-bottom: 2px solid transparent; background: {c.background}; color: {c.muted}; }}
        QTabBar::tab:hover {{ color: {c.text}; }}
        QTabBar::tab:selected {{ color: {c.text}; border-bottom: 2px solid {c.accent}; }}
        QTabBar::tab:selected:focus {{ border: 2px solid {c.accent}; border-radius: 3px; padding: 6px 16px 8px 16px; }}
        QScrollArea {{ border: 0; border-right: 1px solid {c.line}; }}
        QScrollArea[role="clear"] {{ border: 0; background: transparent; }}
        QStatusBar {{ background: {c.panel}; border-top: 1px solid {c.line}; color: {c.muted}; }}
        QStatusBar::item {{ border: 0; }}
        QStatusBar QLabel {{ color: {c.muted}; padding: 0 6px; }}
        QStatusBar QLabel[role="delay"] {{ color: {c.text}; }}
        QStatusBar QPushButton {{ padding: 1px 8px; }}
    """


def _words(c: Colours) -> str:
    return f"""
        QLabel[role="heading"] {{ color: {c.muted}; font-size: {points(0.92)}; letter-spacing: 1px; }}
        QToolButton[role="heading"] {{ color: {c.muted}; font-size: {points(0.92)}; }}
        QToolButton[role="heading"] {{ background: transparent; border: 0; padding: 6px 4px 0 0; }}
        QToolButton[role="heading"]:hover {{ color: {c.accent}; }}
        QToolButton[role="heading"]:focus {{ border: 1px solid {c.accent}; padding: 5px 3px 0 0; }}
        QLabel[role="formula"] {{ font-size: {points(1.25)}; padding: 2px 0 2px 0; }}
        QLabel[role="title"] {{ font-weight: bold; }}
        QLabel[role="quiet"] {{ color: {c.muted}; }}
        QLabel[role="complaint"] {{ color: {c.bad}; }}
    """


def _inputs(c: Colours) -> str:
    return f"""
        QLineEdit, QComboBox, QPushButton {{ background: {c.background}; border: 1px solid {c.edge}; border-radius: 3px; }}
        QLineEdit:focus, QComboBox:focus, QPushButton:focus {{ border: 2px solid {c.accent}; }}
        QLineEdit {{ padding: 3px 6px; }}
        QLineEdit:focus {{ padding: 2px 5px; }}
        QComboBox {{ padding: 3px 0 3px 6px; combobox-popup: 0; }}
        QComboBox QAbstractItemView {{ selection-background-color: {c.accent}; selection-color: {c.background}; padding: 2px; }}
        QComboBox:focus {{ padding: 2px 0 2px 5px; }}
        QComboBox:hover, QPushButton:hover {{ border-color: {c.accent}; }}
        QComboBox:disabled, QLineEdit:disabled, QPushButton:disabled {{ border-color: {c.line}; color: {c.edge}; }}
        QComboBox::drop-down {{ border: 0; width: {scaled(20)}px; }}
        QComboBox::down-arrow {{ image: url("{icon("arrow", c)}"); width: {scaled(8)}px; height: {scaled(8)}px; }}
        QPushButton {{ padding: 4px 10px; }}
        QPushButton:focus {{ padding: 3px 9px; }}
        QPushButton:pressed {{ background: {c.line}; }}
        QPushButton:flat {{ border-color: transparent; }}
        QPushButton[role="sign"] {{ padding: 4px 1px; }}
        QPushButton[role="sign"]:focus {{ padding: 3px 0; }}
        QToolButton:focus {{ border: 2px solid {c.accent}; border-radius: 3px; }}
        QAbstractItemView, QTextBrowser {{ border: 1px solid transparent; }}
        QAbstractItemView:focus, QScrollArea:focus, QTextBrowser:focus {{ border: 1px solid {c.accent}; }}
        QLineEdit[role="end"] {{ background: transparent; border: 1px solid transparent; padding: 0; }}
        QLineEdit[role="end"] {{ font-size: {points(0.84)}; color: {c.muted}; }}
        QLineEdit[role="end"]:hover {{ border-bottom-color: {c.line}; color: {c.text}; }}
        QLineEdit[role="end"]:focus {{ border: 1px solid {c.accent}; padding: 0; color: {c.text}; }}
        QLineEdit[wrong="true"] {{ border-color: {c.bad}; }}
    """


def _switches(c: Colours) -> str:
    box, grip = scaled(14), scaled(12)
    return f"""
        QProgressBar {{ border: 0; border-radius: 2px; background: {c.line}; max-height: 4px; }}
        QProgressBar::chunk {{ border-radius: 2px; background: {c.accent}; }}
        QSlider:horizontal {{ min-height: {grip + 4}px; }}
        QSlider::groove:horizontal {{ height: 2px; background: {c.edge}; border-radius: 1px; }}
        QSlider::sub-page:horizontal {{ background: {c.accent}; border-radius: 1px; }}
        QSlider::handle:horizontal {{ width: {grip}px; height: {grip}px; margin: -{grip // 2 - 1}px 0; }}
        QSlider::handle:horizontal {{ border-radius: {grip // 2}px; background: {c.accent}; }}
        QSlider::handle:horizontal:focus {{ width: {grip - 4}px; height: {grip - 4}px; }}
        QSlider::handle:horizontal:focus {{ background: {c.text}; border: 2px solid {c.accent}; }}
        QCheckBox {{ spacing: 8px; border: 1px solid transparent; border-radius: 3px; }}
        QCheckBox:focus {{ border-color: {c.accent}; }}
        QCheckBox::indicator {{ width: {box}px; height: {box}px; }}
        QCheckBox::indicator {{ border: 1px solid {c.edge}; border-radius: 3px; background: {c.background}; }}
        QCheckBox::indicator:focus, QCheckBox::indicator:hover {{ border-color: {c.accent}; }}
        QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url("{icon("check", c)}"); }}
        QFrame[role="pick"] {{ border: 1px solid transparent; border-radius: 3px; }}
        QFrame[role="pick"]:focus {{ border-color: {c.accent}; }}
        QToolButton[role="help"] {{ color: {c.muted}; background: transparent; border: 1px solid {c.edge}; border-radius: {scaled(9)}px; }}
        QToolButton[role="help"]:hover {{ color: {c.accent}; border-color: {c.accent}; }}
        QToolButton[role="quiet"] {{ color: {c.muted}; background: transparent; border: 0; padding: 3px 4px; }}
        QToolButton[role="quiet"]:hover {{ color: {c.accent}; }}
        QToolButton[role="quiet"]:focus {{ border: 2px solid {c.accent}; padding: 1px 2px; }}
        QToolButton[role="play"] {{ background: transparent; border: 1px solid transparent; border-radius: 3px; }}
        QToolButton[role="play"] {{ color: {c.muted}; padding: 3px {scaled(14)}px 3px 5px; font-size: {points(0.84)}; }}
        QToolButton[role="play"]:hover {{ color: {c.accent}; border-color: {c.accent}; }}
        QToolButton[role="play"]:focus {{ border: 1px solid {c.accent}; }}
        QToolButton[role="play"]::menu-button {{ border: 0; width: {scaled(14)}px; }}
        QToolButton[role="play"]::menu-arrow {{ image: url("{icon("arrow", c)}"); width: {scaled(7)}px; height: {scaled(7)}px; }}
        QTreeView::item {{ padding: 4px 2px; }}
        QTreeView QLineEdit, QTreeView QLineEdit:focus {{ padding: 0; border: 0; border-radius: 0; }}
    """


def _rest(c: Colours) -> str:
    return f"""
        QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
        QMessageBox QLabel#qt_msgbox_label, QMessageBox QLabel#qt_msgbox_informativelabel {{ min-width: {scaled(540)}px; }}
        QMainWindow::separator {{ background: {c.background}; width: 3px; }}
        QMainWindow::separator:hover {{ background: {c.line}; }}
        TourPanel {{ background: {c.panel}; border-left: 1px solid {c.line}; }}
        TourPanel QScrollArea {{ border: 0; }}
        TourPanel QLabel[role="heading"] {{ padding-top: 8px; }}
        TourPanel > QComboBox {{ background: transparent; border: 2px solid transparent; font-size: {points(1.42)}; padding: 0; }}
        TourPanel > QComboBox:focus {{ color: {c.accent}; }}
        QSplitter::handle {{ background: transparent; }}
        QToolTip {{ background: {c.panel}; color: {c.text}; border: 1px solid {c.line}; padding: 3px; }}
    """
