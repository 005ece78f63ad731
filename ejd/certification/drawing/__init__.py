"""The pages of a printed journal on a ReportLab canvas."""
