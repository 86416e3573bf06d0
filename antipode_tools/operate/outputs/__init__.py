"""What a front end is configured with, as `antipode outputs` prints it."""
