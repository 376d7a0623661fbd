"""The Plan page's routes, those with a fixed address before those with a plan's id."""

from fastapi import APIRouter

from service.web import plan_downloads, plan_list, plan_pages, plan_sharing, plan_upload

router = APIRouter(include_in_schema=False)
router.include_router(plan_list.router)
router.include_router(plan_upload.router)
router.include_router(plan_downloads.router)
router.include_router(plan_sharing.router)
router.include_router(plan_pages.router)
