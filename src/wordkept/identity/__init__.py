"""Identity: how it is established that a person is who they say, in levels: session, code, mobile, document."""
