"""A plan's contents as a Word document, an Excel workbook and a PDF."""

from service.web.plan_exports.excel import to_excel
from service.web.plan_exports.pdf import to_pdf
from service.web.plan_exports.word import to_word

__all__ = ["to_excel", "to_pdf", "to_word"]
