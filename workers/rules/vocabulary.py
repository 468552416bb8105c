"""The word lists the gate judges by."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Nouns that tell nothing without the rest of the conversation.
VAGUE_NOUNS = _words(
    """
    thing things stuff lot lots bit way ways something anything everything nothing someone anyone everyone nobody
    somebody word words idea ideas point part sense deal fun kind kinds sort example case reason fact feeling
    feelings question problem difference blast luck mind hand place places chance bunch ton tons time times moment
    moments minute second day while mess wreck fan step steps journey life everybody one ones other others whole
    rest end start stage side thought thoughts effort best challenge challenges success goal goals dream dreams tip
    tips advice vibe vibes progress work support path passion joy energy strength heart world shape shot try go
    push process future potential motivation memory memories love hope inspiration happiness confidence opportunity
    experience experiences story stories wonder reminder view pic pics picture photo look track touch plan plans
    road spirit power change changes courage message messages chat talk thanks doubt update news result results
    hell heck people folks guys help trouble ok okay fine spot vibe detail setback setbacks struggle struggles hurdle
    hurdles ride positivity community difference max top sky odds
    self destiny ambition chapter rock vibe fulfillment fulfilment freedom growth
    """
)
# Adjectives that say something lasting about a person on their own.
TRAITS = _words(
    """
    vegetarian vegan pescatarian married divorced engaged single widowed pregnant retired unemployed diabetic
    asthmatic deaf blind dyslexic autistic bilingual left-handed right-handed allergic gluten-free
    lactose-intolerant celiac coeliac gay lesbian bisexual transgender trans queer nonbinary religious catholic
    christian muslim jewish buddhist hindu atheist agnostic introverted extroverted shy colorblind colourblind tall
    short bald self-employed freelance homeless sober handed employed
    claustrophobic epileptic anemic adopted insomniac nearsighted
    shortsighted anaemic intolerant teetotal
    """
)
# Adjectives that need what they are about: "afraid of spiders", "fluent in Dutch".
RELATIONAL = _words(
    """
    allergic interested afraid scared terrified good bad great fluent obsessed passionate keen excited nervous
    worried involved fond busy responsible certified trained based close engaged married addicted committed new
    used studying ready eager familiar specialized specialised qualified available able unable hooked old crazy
    enrolled born originally stressed anxious sensitive intolerant prone related experienced skilled bored tired
    sick proud
    """
)
# Verbs that say something about a person without an object.
HABITS = _words(
    """
    smoke drink paint dance sing cook bake run swim surf ski hike climb garden knit sew draw write read drive cycle
    bike snowboard skate sail fish hunt meditate journal volunteer travel teach code program commute stutter
    stammer snore sculpt box row camp juggle vape freelance blog vlog stream jog crochet
    """
)
# Verbs of saying, thinking and sensing whose object is the conversation itself, or that praise.
EMPTY_VERBS = _words(
    """
    mean guess bet see hear agree wonder ask say tell promise swear admit suggest recommend hope wish suppose
    imagine believe assume doubt understand relate realize realise notice remember forget mention seem sound appear
    matter care depend think thank apologize apologise hesitate stand talk chat let dare
    """
)
# Present-tense verbs of "we" that describe a household rather than everybody.
SHARED = _words("have live own 've celebrate speak call run rent keep got")
TIME_NOUNS = _words(
    """
    today tonight tomorrow yesterday
    day week weekend month year morning afternoon evening night summer winter spring autumn fall time season monday
    tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december christmas easter halloween thanksgiving past coming mon tue tues wed thu thurs fri
    sat sun
    """
)
RELATIVES = _words(
    """
    sister brother mother father mom mum mama papa dad daddy wife husband son daughter uncle aunt auntie nephew
    niece cousin grandmother grandfather grandma grandpa granny nana partner boyfriend girlfriend fiance fiancé
    fiancée spouse friend roommate flatmate boss colleague coworker co-worker neighbor neighbour teacher mentor
    coach therapist doctor manager stepmother stepfather stepson stepdaughter grandson granddaughter twin ex sis
    bro bestie landlord landlady godfather
    """
)
SECOND_PERSON = _words("you your yours yourself yourselves ya y'all u ur")
SINGULAR_THING = _words("it its itself")
SINGULAR_PERSON = _words("he she him her his hers himself herself")
PLURAL = _words("they them their theirs themselves")
COMMANDS = _words("look check see guess let tell come remember imagine feel ask watch enjoy keep stay take")
LIGHT_VERBS = _words(
    """savor embrace cherish happen be do go get make keep have help try start continue give take use stay become let
    turn put show"""
)
FAVOURITE = _words("favorite favourite favorites favourites fave fav")
WHEN = _words("yesterday today tonight tomorrow last next ago")
FEMALE = _words(
    """sister mother mom mum mama wife daughter aunt auntie niece grandmother grandma granny nana girlfriend fiancée
    stepmother stepdaughter granddaughter sis landlady"""
)
MALE = _words(
    """brother father papa dad daddy husband son uncle nephew grandfather grandpa boyfriend fiancé stepfather stepson
    grandson bro landlord godfather"""
)
# What one can do that is a skill or a need rather than a passing possibility.
SKILLS = _words(
    """
    speak play cook bake drive swim sing dance paint draw write read code program juggle knit sew ski surf ride
    skate sail fly type whistle dive walk run eat drink have tolerate digest stand handle sleep hear see smoke
    touch wear lift
    """
)
# What "I love the ..." names in general, rather than praising what was just shown.
LIKED = _words(
    """
    beach ocean sea outdoors mountains mountain snow rain city countryside cold heat winter summer sun water gym
    theatre theater cinema opera movies forest woods guitar piano violin drums cello flute weekend night stars
    color colour
    """
)
LIKING = _words("love loves like likes adore enjoy dig loved liked adored enjoyed loving liking enjoying")
TALKING = _words("talk talked speak spoke chat chatted met meet")
FILLERS = _words("also even definitely actually honestly basically literally certainly obviously")
UNDER_WAY = _words("planning moving getting expecting renovating building thinking adopting")
BASES = {
    "saw": "see", "heard": "hear", "thought": "think", "said": "say", "told": "tell", "knew": "know", "felt": "feel",
    "understood": "understand", "forgot": "forget", "meant": "mean",
}  # fmt: skip
