"""The console: the Regions side by side, in a page on this machine.

What is computed stands in modules without network; `server.py` and what it serves are thin. It
knows Regions as any client does, and a local world by its file and its orders.
"""
