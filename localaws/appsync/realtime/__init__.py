"""AppSync's real-time channel: GraphQL subscriptions over WebSockets, for AWS's own clients.

`reading`, `frames`, `handshake`, `start`, `allowance` and
`protocol` know neither clock nor socket; `hub` and `outbox` hold what is registered and what
waits; `connection` and `session` own tasks, time-outs and sockets.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""
