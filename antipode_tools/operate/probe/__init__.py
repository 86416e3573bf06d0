"""Who hears of whose writes, and how soon: measured with ordinary clients, in every Region."""
