"""Words and names that contain what people list, and mean nothing by it: allowed on every site, whatever is listed. Pure.

A star stands for whatever follows. The newsroom's own list of allowed words comes on top.
"""

from __future__ import annotations

_WORDS = """
    accumulat* advocat* album* altitude* ambassador* amass* analog* analys* analyt* analgesi* appraise* aptitude* arachnid*
    arsenal* arsenic* arson* asexual* assassin* assay* assembl* assert* assess* asset* assign* assimil* assist* associat* assort*
    assum* assur* attitude* auspic* babcock* banal* baptist* bass* bassett* bassoon* brass* brasserie* bumblebee* bumper*
    canal* canoe* carcass* cassette* chassis chihuahua* cholesterol* circumstan* circumvent* class* clitheroe coarse* cockatoo*
    cockerel* cockle* cockney* cockpit* cockroach* cocktail* cockburn cocoon* compass* competit* conspicuous* constitut*
    cuckoo* cucumber* cumberland cumbria* cumin cumulat* cumulative* cumulus custard* democrat* denigrat* despic* dickens*
    dickie dickinson* dickson* digit* document* drape* embarrass* encumb* entitle* entity essex evaluat* expertise familiar*
    farthing* fundament* gigabit* grape* grass* grasshopper* gratitude* hancock* heterosexual* hitchcock* homeopath* homogen*
    homolog* homonym* homophon* homosexual* horseshoe* hospice* incumb* institut* kumquat* lassitude latitude* legitim*
    lightwater* liaison* marseille* massachusetts* massage* massif* massiv* megabit* michelle middlesex morass* multitude*
    mustard* nashville nigel niger* nigeria* niggl* nitrate* obsess* oxymoron* parse* parsec* parsley* parson* parsnip*
    pass* passage* passenger* passion* passive* passport* password* peacock* peculiar* penistone penguin* petit* phoebe phoenix*
    physiotherap* pigeon* pigment* platitude* potassium prickl* psychotherap* raccoon* rachelle rapeseed* rehears* sarcophag*
    sassoon saturday* saltwater* scrape* scrapbook* scrap* scunthorpe* sextant* sextet* sexton* shell* shiitake* shitake*
    shoe* shoehorn* shuttlecock* skyscraper* snigger* sparse* specif* spice* spicy strategi* strategy student* stupend*
    subtitle* substitut* suspic* sussex swansea swank* tardigrade* tardiness tardy tattoo* therapeut* therapist* therapy*
    titan* title* titular toucan* trapez* trespass* tycoon* ultimatum* underclass* unisex* wassail* weathercock* wessex
    wholesale* woodcock* wristwatch*
"""
INNOCENT = tuple(_WORDS.split())
