"""Models: each model's card, with its figures, its limits and what may not be done with it."""

from engine import settings
from engine.models import card as cards
from engine.models import shipped
from pages.views.common.choose import choose_model, readable_cards
from pages.views.common.folded import show_folded
from pages.views.common.guard import error_boundary, page
from pages.views.models import clip_card, enhancement_card
from pages.views.models.card import FOLDS, show_card, show_comparison
from pages.views.models.kinds import show_kind

with page("Models", "What each model is, how often it is right, where it fails, and what may not be done with it."):
    show_folded(FOLDS, {"All models side by side": show_comparison}, readable_cards())
    with error_boundary():
        name = choose_model("models model")
        card = cards.read(settings.WEIGHTS_FOLDER / name)
        with error_boundary():
            shipped.load(name)
        show_card(card)
    show_kind(cards.CLIP, clip_card.HEADING, clip_card.LEAD, clip_card.show_clip_card)
    show_kind(cards.ENHANCEMENT, enhancement_card.HEADING, enhancement_card.LEAD, enhancement_card.show_enhancer_card)
