"""A plan as a workbook: one sheet a part. Every cell is text, so none can be a formula."""

import io

import xlsxwriter

from service.web.plan_contents import Contents, Part

# Nothing that people wrote may become a formula, a number or a link.
AS_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
MAX_CELL = 32_767
FULL_WIDTH = 110


def to_excel(contents: Contents) -> bytes:
    """Return the workbook."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, AS_TEXT) as book:
        book.set_properties({"title": contents.title[:255], "author": ""})
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14, "text_wrap": True}),
            "head": book.add_format(
                {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E4EFF2"}
            ),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for at, part in enumerate(contents.parts):
            sheet = book.add_worksheet(part.sheet)
            heads = (contents.title, contents.subtitle) if at == 0 else ()
            _fill(sheet, styles, part, heads)
    return stream.getvalue()


def _fill(
    sheet: "xlsxwriter.worksheet.Worksheet",
    styles: dict[str, "xlsxwriter.format.Format"],
    part: Part,
    above: tuple[str, ...],
) -> None:
    widths = part.table.widths if part.table else (100,)
    for column, share in enumerate(widths):
        sheet.set_column(column, column, FULL_WIDTH * share / sum(widths))
    lines = [(text, "title" if at == 0 else "text") for at, text in enumerate(above)]
    lines += [(part.heading, "title")]
    lines += [(text, "text") for text in (*part.paragraphs, *part.points)]
    last = len(widths) - 1
    for row, (text, style) in enumerate(lines):
        _line(sheet, row, last, text, styles[style])
    if part.table:
        start = len(lines)
        _row(sheet, start, part.table.heads, styles["head"])
        for row, cells in enumerate(part.table.rows, start + 1):
            _row(sheet, row, cells, styles["text"])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _line(
    sheet: "xlsxwriter.worksheet.Worksheet", row: int, last: int, text: str,
    style: "xlsxwriter.format.Format",
) -> None:  # fmt: skip
    """A line over the whole width; merged cells do not grow by themselves, so its height is set."""
    sheet.set_row(
        row, 15 * (1 + len(text) // FULL_WIDTH + text.count("\n")) * (1.3 if row == 0 else 1)
    )
    if last:
        sheet.merge_range(row, 0, row, last, "", style)
    sheet.write_string(row, 0, text[:MAX_CELL], style)


def _row(
    sheet: "xlsxwriter.worksheet.Worksheet", row: int, cells: tuple[str, ...],
    style: "xlsxwriter.format.Format",
) -> None:  # fmt: skip
    for column, text in enumerate(cells):
        sheet.write_string(row, column, text[:MAX_CELL], style)
