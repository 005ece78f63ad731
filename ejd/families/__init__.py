"""How families get the service: forms of service and their papers, weekly sheets, letters, the parents' meeting."""
