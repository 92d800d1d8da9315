"""HealthChain 0.16.1's SandboxClient, as its documentation drives it: load a file, send, print what came back.

    .venv-healthchain/bin/python benchmarks/healthchain_client.py ADDRESS FILE...

Runs in an environment of its own (benchmarks/requirements-healthchain.lock); nothing of ours is imported.
It prints one JSON list: of each file the request it made up and the response it took (empty for an error).
"""

import json
import sys

from healthchain.sandbox import SandboxClient

address, *files = sys.argv[1:]
client = SandboxClient(url=address, workflow="patient-view")
for file in files:
    client.load_from_path(file)
responses = client.send_requests()
print(
    json.dumps(
        [{"request": sent, "response": got} for sent, got in zip(client.get_request_data(), responses, strict=True)],
        default=str,
    )
)
