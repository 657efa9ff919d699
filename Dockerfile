# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements/uv.txt requirements/runtime.txt ./
RUN python -m venv /venv \
 && /venv/bin/pip install --quiet --no-cache-dir --require-hashes -r uv.txt \
 && VIRTUAL_ENV=/venv /venv/bin/uv pip sync --quiet --no-cache --compile-bytecode --require-hashes runtime.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home apos
COPY --from=build /venv /venv
WORKDIR /app
COPY api api
COPY domain domain
COPY migrations migrations
# The user that serves cannot write bytecode, and the base image comes without that of the standard library: every start
# would compile all that it imports.
RUN python -m compileall -q -x '/(test|tests|idlelib|lib2to3|site-packages)/' "$(python -c 'import os; print(os.path.dirname(os.__file__))')" \
 && python -m compileall -q api domain migrations
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    APOS_DATABASE_URL=sqlite:////data/apos.sqlite APOS_HOST=0.0.0.0 APOS_PORT=8000
USER apos
VOLUME /data
# Without TLS: it belongs behind a proxy, such as that of docs/proxy/nginx.conf.
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['APOS_PORT']}/readyz\", timeout=2)"]
ENTRYPOINT ["python", "-m", "api"]
CMD ["serve"]
