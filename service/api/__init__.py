"""The HTTP interface, one module a resource."""

from fastapi import APIRouter

from service.api import operations, plan_checks, practices, recommendations, reference

router = APIRouter()
router.include_router(recommendations.router)
router.include_router(practices.router)
router.include_router(plan_checks.router)
router.include_router(operations.router)
router.include_router(reference.router)
