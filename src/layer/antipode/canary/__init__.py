"""What goes through the whole path each minute, to see whether somebody would hear."""
