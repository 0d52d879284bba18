"""API: the gate over HTTP with TLS, for programs: who may ask what, messages, answers, problems, and a client.

Whoever only asks (``client``, ``messages``) needs nothing beside the core; what serves needs the extra ``web``.
"""
