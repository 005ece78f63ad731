"""Long work in the background: whose it is, how far it has come, and what came of it (engineering 18)."""
