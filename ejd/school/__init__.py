"""The school's own facts: settings, school year, terms, holidays, bells, launch date."""
