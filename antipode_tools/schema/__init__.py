"""The schema compiler: graphql/models.graphql to all that follows from it.

`reading` turns the source into `definitions`, `dialect` the first transformer's directives into
those of today (`modernise` does so in the text), the modules that end in `_rules` find what is
wrong with them, and `models` says what each model is. `sdl` (with `outputs`, `inputs`, `filters`
and `operations`) writes the schema. From the schema, as `built` reads it, follow the relay's
documents (`publish`), those for clients (`client_documents`) and the scopes of tokens
(`authorizer`); `mappings` and `template` write what the template must know, within the `limits` of
a stack. `resolved` says which fields code of the user's own serves, and `operation_resources` what
deploys it. `compiler` puts these together, purely; `resolvers` copies what resolvers share;
`command` knows the files and git, and by `edits` what somebody has changed in them.
"""
