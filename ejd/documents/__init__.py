"""How anything becomes a PDF or a workbook: letters, tables, fonts."""
