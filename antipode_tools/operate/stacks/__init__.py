"""The deployed stacks, as the commands that operate on them find and ask them."""
