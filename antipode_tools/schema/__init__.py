"""The schema compiler: graphql/models.graphql to all that follows from it.

`reading` turns the source into `definitions`, the modules that end in `_rules` find what is wrong
with them, and `models` says what each model is. `sdl` (with `outputs`, `inputs`, `filters` and
`operations`) writes the schema, `mappings` and `template` what the template must know. `compiler`
puts these together, purely; `command` knows the files and git.
"""
