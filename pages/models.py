"""Models: each model's card, with its figures, its limits and what may not be done with it."""

from engine import settings
from engine.models import card as cards
from engine.models import shipped
from pages.parts import clip_card_view, enhancer_card_view
from pages.parts.card_kinds import show_kind
from pages.parts.card_view import part, show_card, show_comparison
from pages.parts.choose import choose_model, readable_cards
from pages.parts.guard import page, sentences

with page("Models", "What each model is, how often it is right, where it fails, and what may not be done with it."):
    with part("All models"):
        show_comparison(readable_cards())
    with sentences():
        name = choose_model("models model")
        card = cards.read(settings.WEIGHTS_FOLDER / name)
        with sentences():
            shipped.load(name)
        show_card(card)
    show_kind(cards.CLIP, clip_card_view.HEADING, clip_card_view.LEAD, clip_card_view.show_clip_card)
    show_kind(
        cards.ENHANCEMENT, enhancer_card_view.HEADING, enhancer_card_view.LEAD, enhancer_card_view.show_enhancer_card
    )
