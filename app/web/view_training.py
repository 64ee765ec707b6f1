"""The training of a user's own model: the rows of a comparison that have come since the page last asked."""

from typing import Annotated

import torch
from fastapi import APIRouter, Query
from fastapi.responses import Response

from cliffscape.app.compute.encoding import Frame, encode
from cliffscape.app.runs.pair import RUN_NAMES
from cliffscape.landscapes.models.model_landscape import VIEWS
from cliffscape.landscapes.models.trainings.recorded_run import TrainingLog

NO_ERRORS = torch.empty(len(RUN_NAMES), 1, 0, dtype=torch.float64).numpy()
# New rows may come at any time.
NO_STORE = {"Cache-Control": "no-store"}
COLUMNS = ("loss", "gradient_norm", "clip_factor")
router = APIRouter()


def training_frame(log: TrainingLog, first: int) -> Frame:
    """Rows ``first`` and later ones, as a frame of a training run with one seed."""
    rows = log.rows[first:]
    # (K, 2, 3) as three columns (2, 1, K).
    columns = torch.stack(rows).permute(2, 1, 0).unsqueeze(2).contiguous().numpy()
    last = first + len(rows)
    counts = {"runs": list(RUN_NAMES), "seeds": 1, "first": first, "updates": last, "total": log.steps}
    cost = {"matrix": "", "products": 0, "gradients": 0}
    fields = {**counts, "baseline": None, "pace": 0, "cost": cost, "partial": True, "token": log.token}
    arrays = dict(zip(COLUMNS, columns, strict=True)) | {"error": NO_ERRORS, "error_at": NO_ERRORS[0, 0]}
    return Frame("training", log.token, fields, arrays)


@router.get("/view-training")
def view_training(view: str, token: str = "", first: Annotated[int, Query(ge=0)] = 0) -> Response:
    """The rows of a view's newest training from ``first`` on, or all of them if it is not the one of the ``token``.

    Without a new row, the answer is empty.
    """
    trainings = VIEWS[view].trainings if view in VIEWS else []
    if not trainings:
        return Response(status_code=204, headers=NO_STORE)
    known = first if trainings[-1].token == token else 0
    if known >= len(trainings[-1].rows):
        return Response(status_code=204, headers=NO_STORE)
    body = encode(training_frame(trainings[-1], known))
    return Response(body, media_type="application/octet-stream", headers=NO_STORE)
