"""APPSYNC_JS on one machine: checks a resolver's code as the service does, and runs its handlers.

`checks` refuses what the service refuses, `sandbox` runs one piece of code in quickjs-ng, and
`evaluator` does so off the event loop. The folder `runtime` is the library that handlers see.
"""
