"""ACA-Py plugin: as many connections to a SQLite wallet as ACA-Py needs.

ACA-Py opens sessions inside of sessions, and Askar has as many connections as the machine has
processors. On a small machine eight requests at a time wait for one another until all of them time
out, and their messages are lost. ACA-Py has no option for it: ACAPY_SQLITE_CONNECTIONS, 16 if unset.
"""

import os

try:
    from acapy_agent.askar.store import AskarStoreConfig
except ImportError:
    from aries_cloudagent.askar.store import AskarStoreConfig

stock_uri = AskarStoreConfig.get_uri


def get_uri(self, *args, **kwargs):
    uri = stock_uri(self, *args, **kwargs)
    if not uri.startswith("sqlite://") or ":memory:" in uri:
        return uri
    connections = int(os.environ.get("ACAPY_SQLITE_CONNECTIONS", "16"))
    return f"{uri}{'&' if '?' in uri else '?'}max_connections={connections}"


AskarStoreConfig.get_uri = get_uri


async def setup(context):
    """What ACA-Py calls when it starts; the import has done it all."""
