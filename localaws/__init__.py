"""AWS services imitated on one machine, a room for each. README.md says what each room does.

Nothing here knows of the project that it was written for.
"""
