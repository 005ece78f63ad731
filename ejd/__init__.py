"""ЭЖД: an electronic class journal and student diary for a school.

Imports nothing, so that `python -m ejd.dev` runs before any package is installed;
the application is made by `ejd.application.create_app`.
"""
