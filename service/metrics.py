"""What Prometheus may read: counts and times, by route and never by text."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

# A recommendation takes tens of milliseconds, a document up to a minute.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
BATCH_SIZES = (1, 2, 4, 8, 16, 32)

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The service's own measures; each application has its registry, so tests never share one."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "recommender_requests",
            "Requests answered, by route template, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "recommender_request_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ("route", "method"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "recommender_requests_in_flight", "Requests being answered.", registry=self.registry
        )
        self.batch = Histogram(
            "recommender_encoder_batch_texts",
            "Texts that the encoder took in one batch.",
            buckets=BATCH_SIZES,
            registry=self.registry,
        )
        self.queue = Gauge(
            "recommender_encoder_queue_texts",
            "Texts that wait for the encoder.",
            registry=self.registry,
        )
        self.index = Gauge(
            "recommender_index_info",
            "1 for the build in use.",
            ("build_id", "built_at", "evidence_date", "model"),
            registry=self.registry,
        )

    def observe_batch(self, texts: int) -> None:
        """Count one batch of the encoder."""
        self.batch.observe(texts)

    def page(self) -> bytes:
        """Return all measures as Prometheus reads them."""
        return generate_latest(self.registry)
