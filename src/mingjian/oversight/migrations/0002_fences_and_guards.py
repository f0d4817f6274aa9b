"""Who sees a complaint or a query, and who takes no step about it, as the database says it."""

from django.db import migrations

from mingjian.people import fences

_HANDLERS = ("principal", "acting_principal", "manager", "discipline_inspector")
_ANSWERERS = (*_HANDLERS, "safety_responsible")
_ME = "(SELECT mingjian_scope_person())"

# The tier that a row copies is the body's own, and nobody concerned takes a step: whoever writes the row.
GUARDS = """
ALTER TABLE oversight_complaint ADD CONSTRAINT oversight_complaint_tier_is_the_bodys
    FOREIGN KEY (handler_id, handler_tier) REFERENCES people_body (code, tier);
ALTER TABLE oversight_inquiry ADD CONSTRAINT oversight_inquiry_tier_is_the_bodys
    FOREIGN KEY (addressee_id, addressee_tier) REFERENCES people_body (code, tier);

CREATE FUNCTION oversight_complaint_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.concerns_first_office
        AND EXISTS (SELECT 1 FROM people_body WHERE code = NEW.about_body_id AND is_first_office) THEN
        RAISE EXCEPTION 'a complaint about the office that is tier 1 concerns it' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.complainant_id, NEW.about_body_id, NEW.about_person_id, NEW.text, NEW.salt)
        IS DISTINCT FROM (OLD.id, OLD.complainant_id, OLD.about_body_id, OLD.about_person_id, OLD.text, OLD.salt) THEN
        RAISE EXCEPTION 'what was complained about is never changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER oversight_complaint_guard BEFORE INSERT OR UPDATE ON oversight_complaint
    FOR EACH ROW EXECUTE FUNCTION oversight_complaint_guard();

CREATE FUNCTION oversight_complaintact_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told oversight_complaint%ROWTYPE;
BEGIN
    SELECT * INTO STRICT told FROM oversight_complaint WHERE id = NEW.complaint_id;
    IF NEW.person_id = told.about_person_id
        OR (NEW.person_id = told.complainant_id) <> (NEW.step IN ('file', 'withdraw')) THEN
        RAISE EXCEPTION 'nobody concerned deals with a complaint' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER oversight_complaintact_guard BEFORE INSERT OR UPDATE ON oversight_complaintact
    FOR EACH ROW EXECUTE FUNCTION oversight_complaintact_guard();

CREATE FUNCTION oversight_inquiryact_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told oversight_inquiry%ROWTYPE;
BEGIN
    SELECT * INTO STRICT told FROM oversight_inquiry WHERE id = NEW.inquiry_id;
    IF NEW.step = 'answer' AND NEW.person_id IN (told.asker_id, told.concerned_id) THEN
        RAISE EXCEPTION 'nobody concerned answers a query' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER oversight_inquiryact_guard BEFORE INSERT OR UPDATE ON oversight_inquiryact
    FOR EACH ROW EXECUTE FUNCTION oversight_inquiryact_guard();
"""
GUARDS_BACK = """
DROP TRIGGER oversight_inquiryact_guard ON oversight_inquiryact;
DROP FUNCTION oversight_inquiryact_guard();
DROP TRIGGER oversight_complaintact_guard ON oversight_complaintact;
DROP FUNCTION oversight_complaintact_guard();
DROP TRIGGER oversight_complaint_guard ON oversight_complaint;
DROP FUNCTION oversight_complaint_guard();
ALTER TABLE oversight_inquiry DROP CONSTRAINT oversight_inquiry_tier_is_the_bodys;
ALTER TABLE oversight_complaint DROP CONSTRAINT oversight_complaint_tier_is_the_bodys;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_discipline_inspection"),
        ("oversight", "0001_complaints_and_queries"),
    ]

    operations = [
        migrations.RunSQL(GUARDS, GUARDS_BACK),
        fences.fence(
            "oversight_complaint",
            fences.is_mine("complainant_id"),
            f"({fences.is_of_my_body('handler_id')} AND {fences.is_acted_as(*_HANDLERS)})",
        ),
        # Whom it is about never sees it, whatever they are; and once persons are named, no other handler does.
        fences.seal("oversight_complaint", name="not_about_me", rows=f"about_person_id IS DISTINCT FROM {_ME}"),
        fences.seal(
            "oversight_complaint",
            name="named",
            rows=f"named_ids IS NULL OR {fences.is_mine('complainant_id')} OR {_ME} = ANY (named_ids)",
        ),
        fences.fence("oversight_complaintact", fences.belongs_to("complaint_id", "oversight_complaint")),
        fences.fence(
            "oversight_inquiry",
            fences.is_acted_as("audit_administrator"),
            f"({fences.is_of_my_body('addressee_id')} AND {fences.is_acted_as(*_ANSWERERS)})",
        ),
        fences.seal(
            "oversight_inquiry",
            name="not_about_me",
            rows=f"NOT is_about_conduct OR concerned_id IS DISTINCT FROM {_ME}",
        ),
        fences.fence("oversight_inquiryact", fences.belongs_to("inquiry_id", "oversight_inquiry")),
    ]
