"""GET / with Locust's fast client. RATE is requests a second of each user; without it users do not wait."""

import os

from locust import FastHttpUser, constant_throughput, task

RATE = float(os.environ.get("RATE", "0"))


class User(FastHttpUser):
    if RATE:
        wait_time = constant_throughput(RATE)
    # Longer than any bench: a request that waits is not an error.
    network_timeout = connection_timeout = 300.0

    @task
    def get(self):
        self.client.get("/")
