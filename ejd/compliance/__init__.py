"""Control of timeliness: figures, the lists behind them, and their export."""
