# The service's image: the API by default; the workers by another command (see docker-compose.yml).

FROM python:3.12-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source

# The dependencies first: they change less often than the code.
RUN python -m venv /opt/doxa
COPY requirements.lock ./
RUN /opt/doxa/bin/python -m pip install --only-binary :all: --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY cypher cypher
COPY graph graph
COPY app app
COPY workers workers
RUN /opt/doxa/bin/python -m pip install --no-deps --no-build-isolation --no-index . \
    && /opt/doxa/bin/python -m compileall -q /opt/doxa/lib


FROM python:3.12-slim-trixie

RUN groupadd --system --gid 10001 doxa \
    && useradd --system --uid 10001 --gid doxa --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin doxa
COPY --from=build /opt/doxa /opt/doxa

# A folder of the working directory never shadows a package (PYTHONSAFEPATH); threads of numeric libraries that fight
# for cores make single texts slower (OMP_NUM_THREADS).
ENV PATH=/opt/doxa/bin:$PATH \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OMP_NUM_THREADS=1 \
    DOXA_API_HOST=0.0.0.0 \
    DOXA_API_PORT=8000

USER 10001:10001
# Dramatiq looks for modules in the working directory: it must not be one that can be written.
WORKDIR /opt/doxa
EXPOSE 8000

# /ready answers 503 until the service can work; urlopen takes that for a failure.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/ready', timeout=4)"]

CMD ["granian", "--interface", "asgi", "--factory", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
    "--workers-kill-timeout", "15", "app.asgi:create_app_from_environment"]
