"""The world of an archetype: its plans carried out among an honest population."""

from __future__ import annotations

from stillwatch.range.archetypes import Archetype
from stillwatch.range.attackers.campaign import attack
from stillwatch.range.populations import populations
from stillwatch.range.scene import Scene
from stillwatch.range.worlds.world import World


def harvested(archetype: Archetype) -> World:
    """The archetype as a world; `scene.populations` says what it hides among, the honest mix unless given."""

    def compose(scene: Scene) -> None:
        knobs = scene.knobs
        for population in populations(scene.populations or ("mix",)):
            population.compose(scene, int(knobs["honest"]), float(knobs["per_week"]))
        if archetype.around is not None:
            archetype.around(scene)
        for plan in archetype.plans(knobs, scene.clock.days):
            attack(scene, plan)

    return World(
        id=archetype.id,
        title=archetype.title,
        models=archetype.models,
        cannot_show=archetype.cannot_show,
        knobs={"honest": 2500, "per_week": 6.0, **archetype.knobs},
        compose=compose,
        scales=("honest", *archetype.scales),
        backdrop=True,
        numbers=archetype.report,
    )
