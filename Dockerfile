# The Python version that the tests use.
ARG PYTHON_VERSION=3.11

FROM python:${PYTHON_VERSION}-slim AS builder

# The package index for PyTorch. Empty means pip's default, which on Linux gives the CUDA build.
ARG TORCH_INDEX_URL=""

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PATH=/opt/venv/bin:$PATH
WORKDIR /srv/cliffscape
RUN python -m venv /opt/venv

# PyTorch first, then the other dependencies, then the code, so that a change in the code reuses the large layers.
# The folders are empty at this point: the editable installation only records where they are.
COPY pyproject.toml setup.py README.md LICENSE ./
RUN grep -o 'torch>=[^"]*' pyproject.toml > /tmp/torch.txt \
    && pip install ${TORCH_INDEX_URL:+--index-url "$TORCH_INDEX_URL"} --requirement /tmp/torch.txt
COPY cliffscape cliffscape
RUN mkdir app landscapes static templates \
    && pip install --editable .

COPY landscapes landscapes
COPY app app
COPY static static
COPY templates templates
RUN python -m compileall -q landscapes app


FROM python:${PYTHON_VERSION}-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OMP_WAIT_POLICY=passive
WORKDIR /srv/cliffscape
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /srv/cliffscape /srv/cliffscape

USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from os import getenv; from urllib.request import urlopen; urlopen('http://127.0.0.1:' + getenv('CLIFFSCAPE_PORT', '8000') + '/healthz', timeout=4)"]
CMD ["cliffscape", "serve", "--host", "0.0.0.0"]
