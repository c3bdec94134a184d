"""The table of the post's timings: a line for each way, and beside its figures a dot on a logarithmic axis of time."""

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableWidget, QTableWidgetItem

from funjax_gui.formatting import capitalised
from funjax_gui.style import DARK, Colours, row_height, scaled
from funjax_gui.timings import report
from funjax_gui.widgets import make_quiet
from kernels.timings import BETWEEN, FUNJAX, Row, TimingsFrame, TimingsRequest, Variant, Workload
from kernels.validation import grouped

Index = QModelIndex | QPersistentModelIndex

CHART = len(report.HEAD)
"""The column of dots."""

DECADES = (-6, 0)
"""The axis, in powers of ten of a second, as long as no figure lies outside."""

SHORT_NAMES = {-6: "1 µs", -5: "10 µs", -4: "100 µs", -3: "1 ms", -2: "10 ms", -1: "100 ms", 0: "1 s", 1: "10 s"}
LEAST_CHART = 240
"""Pixels of the usual font that the dots have at least."""

WAITING = "…"
PAD = 22
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ROLE = Qt.ItemDataRole.UserRole


class TimingsTable(QTableWidget):
    """All lines are there from the start; figures come in as they are measured. `chosen` brings a line's note, "" for none."""

    chosen = Signal(str)

    def __init__(self, request: TimingsRequest) -> None:
        super().__init__(0, CHART + 1)
        for column, name in enumerate([*report.HEAD, "●  here     ◇  the post"]):
            title = QTableWidgetItem(capitalised(name))
            title.setTextAlignment(Qt.AlignmentFlag.AlignCenter if column == CHART else RIGHT)
            title.setToolTip(report.TIPS[column])
            self.setHorizontalHeaderItem(column, title)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        make_quiet(self, "The post’s timings on this machine", "Select a row to read a description below")
        self.dots = _Dots()
        self.setItemDelegateForColumn(CHART, self.dots)
        self._places: dict[tuple[str, str], int] = {}
        for workload in request.workloads():
            self._add(workload)
        self._fit_columns()
        self.itemSelectionChanged.connect(self._show_note)

    def _add(self, workload: Workload) -> None:
        heading = self._put(self.rowCount(), 0, workload.title)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        heading.setData(ROLE, "")
        font = QFont(self.font())
        font.setBold(True)
        heading.setFont(font)
        self.setSpan(heading.row(), 0, 1, CHART)
        axis = self._put(heading.row(), CHART, "")
        axis.setFlags(Qt.ItemFlag.ItemIsEnabled)
        axis.setData(ROLE, "axis" if heading.row() == 0 else None)
        for variant in workload.variants:
            self._add_line(workload, variant)

    def _add_line(self, workload: Workload, variant: Variant) -> None:
        row = self.rowCount()
        self._places[workload.name, variant.name] = row
        texts = (f"   {variant.name}", "", "", "", "" if variant.post is None else report.time_text(variant.post), "", "")
        for column, text in enumerate(texts):
            item = self._put(row, column, text)
            item.setData(ROLE, variant.note)
            item.setToolTip(variant.note)
            if variant.source == FUNJAX:
                font = QFont(self.font())
                font.setBold(True)
                item.setFont(font)
        self._put(row, CHART, "").setData(ROLE, (variant.source, variant.post, None))

    def _put(self, row: int, column: int, text: str) -> QTableWidgetItem:
        if row >= self.rowCount():
            self.insertRow(row)
        item = QTableWidgetItem(text)
        if 0 < column < CHART:
            item.setTextAlignment(RIGHT)
        self.setItem(row, column, item)
        return item

    def _fit_columns(self) -> None:
        """As wide as the longest text that a column may hold, and the rest for the dots."""
        longest = ("   Python loop, JAX’s arrays", "100.0 µs", "10.0 µs – 10.0 µs ", "10.0 ms ", "1.74 ms ", "speed-up", "break-even ")
        for column, (text, name) in enumerate(zip(longest, report.HEAD, strict=True)):
            width = max(self.fontMetrics().horizontalAdvance(text), self.fontMetrics().horizontalAdvance(name))
            self.setColumnWidth(column, round(1.08 * width) + 14)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have the dots take what room is left, and scroll where that is too little."""
        super().resizeEvent(event)
        room = self.viewport().width() - sum(self.columnWidth(column) for column in range(CHART))
        self.setColumnWidth(CHART, max(room, scaled(LEAST_CHART)))

    def sizeHint(self) -> QSize:
        """All lines, and room for the dots."""
        wide = sum(self.columnWidth(column) for column in range(CHART)) + 300
        return QSize(wide, self.rowCount() * row_height() + self.horizontalHeader().height() + 6)

    def clear_figures(self) -> None:
        """Nothing is measured yet."""
        for row in self._places.values():
            for column in (1, 2, 3, 5, 6):
                self._text(row, column, "")
            source, post, _ = self._chart(row)
            self._cell(row, CHART).setData(ROLE, (source, post, None))

    def show_frame(self, frame: TimingsFrame) -> None:
        """Fill in what was measured, and mark the line that is being measured."""
        for measured in frame.rows:
            self._show(measured)
        self.mark_waiting(None if frame.done else len(frame.rows))
        values = [value for row in frame.rows for value in (row.timing.low, row.timing.high)]
        self.dots.fit(values)
        self.viewport().update()

    def mark_waiting(self, place: int | None) -> None:
        """Mark the line at that place in the order of measuring, and no other."""
        for number, row in enumerate(self._places.values()):
            if number == place or self._cell(row, 1).text() == WAITING:
                self._text(row, 1, WAITING if number == place else "")

    def _show(self, measured: Row) -> None:
        row = self._places[measured.workload, measured.variant]
        for column, text in enumerate(report.cells(measured)[1:], 1):
            self._text(row, column, text)
        timing = measured.timing
        self._cell(row, 2).setToolTip(f"The quartiles of {grouped(timing.calls)} calls")
        self._cell(row, CHART).setData(ROLE, (measured.source, measured.post, (timing.low, timing.median, timing.high)))

    def _cell(self, row: int, column: int) -> QTableWidgetItem:
        item = self.item(row, column)
        assert item is not None
        return item

    def _chart(self, row: int) -> tuple[str, float | None, tuple[float, float, float] | None]:
        chart: tuple[str, float | None, tuple[float, float, float] | None] = self._cell(row, CHART).data(ROLE)
        return chart

    def _text(self, row: int, column: int, text: str) -> None:
        if self._cell(row, column).text() != text:
            self._cell(row, column).setText(text)

    def _show_note(self) -> None:
        rows = self.selectionModel().selectedRows()
        self.chosen.emit(str(self._cell(rows[0].row(), 0).data(ROLE)) if rows else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave copying and Esc to the dialog; letters search for nothing."""
        if event.matches(QKeySequence.StandardKey.Copy) or (event.text() and event.text().isprintable()):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self.dots.colours = colours
        self.setStyleSheet(
            f"QTableView {{ border: 0; background: {colours.background}; color: {colours.text};"
            f" selection-background-color: {colours.line}; selection-color: {colours.text}; outline: 0; }}"
            f"QTableView:focus {{ border: 1px solid {colours.accent}; }}"
            f"QHeaderView {{ background: {colours.background}; border: 0; }}"
            f"QHeaderView::section {{ background: {colours.background}; color: {colours.muted}; border: 0;"
            f" border-bottom: 1px solid {colours.line}; padding: 4px 6px; }}"
        )
        self.viewport().update()


class _Dots(QStyledItemDelegate):
    """Paints the column of dots: median and quartiles here, and the post's figure."""

    def __init__(self) -> None:
        super().__init__()
        self.colours: Colours = DARK
        self._low, self._high = DECADES

    def fit(self, values: list[float]) -> None:
        """Make the axis long enough for these seconds."""
        logs = [math.log10(value) for value in values if value > 0]
        self._low = min(DECADES[0], *(math.floor(value) for value in logs)) if logs else DECADES[0]
        self._high = max(DECADES[1], *(math.ceil(value) for value in logs)) if logs else DECADES[1]

    def place(self, rect: QRectF, seconds: float) -> float:
        """Where that time lies in a cell."""
        share = (math.log10(seconds) - self._low) / (self._high - self._low)
        return rect.left() + PAD + share * (rect.width() - 2 * PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell; called by Qt."""
        super().paint(painter, option, index)
        data, rect = index.data(ROLE), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if data == "axis":
            self._paint_labels(painter, rect, option.font)
        elif data is not None:
            self._paint_decades(painter, rect)
            self._paint_line(painter, rect, *data)
        painter.restore()

    def _paint_labels(self, painter: QPainter, rect: QRectF, font: QFont) -> None:
        small = QFont(font)
        small.setPointSizeF(max(7.0, 0.85 * small.pointSizeF()))
        painter.setFont(small)
        painter.setPen(QColor(self.colours.muted))
        room = (rect.width() - 2 * PAD) / (self._high - self._low)
        step = 1 if room > 1.2 * painter.fontMetrics().horizontalAdvance("100 µs") else 2
        for k in range(self._low, self._high + 1, step):
            x = self.place(rect, 10.0**k)
            box = QRectF(x - scaled(40), rect.top(), scaled(80), rect.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, SHORT_NAMES.get(k, f"10^{k} s"))

    def _paint_decades(self, painter: QPainter, rect: QRectF) -> None:
        faint = QColor(self.colours.line)
        faint.setAlphaF(0.55)
        painter.setPen(QPen(faint, 1))
        for k in range(self._low, self._high + 1):
            x = round(self.place(rect, 10.0**k)) + 0.5
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))

    def _paint_line(
        self, painter: QPainter, rect: QRectF, source: str, post: float | None, here: tuple[float, float, float] | None
    ) -> None:
        middle = rect.center().y()
        if post is not None:
            x = self.place(rect, post)
            painter.setPen(QPen(QColor(self.colours.text), 1.3))
            painter.setBrush(QColor(self.colours.background))
            painter.drawPolygon(QPolygonF([QPointF(x - 5, middle), QPointF(x, middle - 5), QPointF(x + 5, middle), QPointF(x, middle + 5)]))
        if here is None:
            return
        colour = QColor(self.colours.accent if source == FUNJAX else self.colours.muted if source == BETWEEN else self.colours.accent2)
        low, median, high = (self.place(rect, seconds) for seconds in here)
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(median, middle), 4.5, 4.5)
