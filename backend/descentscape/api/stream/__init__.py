"""The socket: its protocol, the session behind it, and what a client has asked for beside the steps."""
