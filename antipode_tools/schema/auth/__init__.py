"""Who may see and change what: @auth, from the file to what the resolvers know of it."""
