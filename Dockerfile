# Not run anywhere yet: written from the commands that `make serve` uses.
FROM python:3.11-slim
WORKDIR /app
COPY . .
ENV HF_HUB_OFFLINE=1 RECOMMENDER_CORPUS=/app/corpus RECOMMENDER_INDEXES=/app/indexes RECOMMENDER_DATA=/data
RUN pip install --no-cache-dir -c constraints.txt . && recommender build
VOLUME /data
EXPOSE 8000
# Listening beyond loopback needs RECOMMENDER_ACCESS=keys and RECOMMENDER_SECRET; it refuses otherwise.
CMD ["recommender", "serve", "--host", "0.0.0.0"]
