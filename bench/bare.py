"""A really bare FastAPI application: one route and nothing else, served as the others are. Less cannot start."""

import argparse

import uvicorn
from fastapi import FastAPI


def main() -> None:
    """Serves it."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, required=True)
    port = arguments.parse_args().port
    app = FastAPI()

    @app.get("/readyz")
    async def ready() -> str:
        return "ok"

    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
