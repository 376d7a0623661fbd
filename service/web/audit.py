"""The audit desk: all its pages, and the worker that reads what was sent."""

from fastapi import APIRouter

from service.web import (
    audit_batches,
    audit_compare_page,
    audit_export_page,
    audit_figures,
    audit_plans,
    audit_queue,
    audit_review,
    audit_upload,
)
from service.web.audit_worker import working

router = APIRouter(include_in_schema=False, lifespan=working)
for part in (
    audit_batches,
    audit_compare_page,
    audit_export_page,
    audit_figures,
    audit_plans,
    audit_queue,
    audit_review,
    audit_upload,
):
    router.include_router(part.router)
