import type { ProblemTexts } from './by-code';

/** Roles, user groups, access policies and the tags that these compare. */
export const accessProblems = {
  role_not_found: {
    en: 'There is no such role any more. Reload the page.',
    de: 'Diese Rolle gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  role_not_grantable: {
    en: 'You may neither give nor take this role, since it allows more than you may do. An admin of the organization can.',
    de: 'Sie dürfen diese Rolle weder geben noch nehmen, da sie mehr erlaubt, als Sie dürfen. Ein Admin der Organisation darf es.',
    saysMore: true,
    help: 'noEscalation',
  },
  change_exceeds_rights: {
    en: 'This gives or takes more than you may. An admin of the organization can do it.',
    de: 'Das gibt oder nimmt mehr, als Sie dürfen. Ein Admin der Organisation kann es tun.',
    saysMore: true,
    help: 'noEscalation',
  },
  invalid_role_reference: {
    en: 'Choose a role.',
    de: 'Wählen Sie eine Rolle.',
    saysMore: true,
  },
  role_is_restricted: {
    en: 'This role is restricted: only admins of the workspace or of the organization give it.',
    de: 'Diese Rolle ist eingeschränkt: Nur Admins des Workspace oder der Organisation vergeben sie.',
    saysMore: true,
    help: 'restrictedRoles',
  },
  role_cannot_be_restricted: {
    en: 'Only roles in workspaces can be restricted.',
    de: 'Nur Rollen in Workspaces können eingeschränkt werden.',
  },
  system_role_is_fixed: {
    en: 'Roles of the system can be neither changed nor deleted.',
    de: 'Rollen des Systems können weder geändert noch gelöscht werden.',
  },
  role_name_taken: {
    en: 'Another role has this name. Choose another name.',
    de: 'Eine andere Rolle hat diesen Namen. Wählen Sie einen anderen.',
  },
  role_in_use: {
    en: 'Somebody or something still has this role. Give them another role first.',
    de: 'Die Rolle ist noch vergeben. Vergeben Sie zuerst eine andere.',
    saysMore: true,
  },
  invalid_role: {
    en: 'The role is not valid.',
    de: 'Die Rolle ist nicht gültig.',
  },
  only_admins_manage_roles: {
    en: 'Only an admin of the organization can manage roles.',
    de: 'Nur ein Admin der Organisation kann Rollen verwalten.',
  },
  not_a_workspace_role: {
    en: 'A user group gets roles in workspaces, and this is a role in the organization.',
    de: 'Eine Benutzergruppe bekommt Rollen in Workspaces, und dies ist eine Rolle in der Organisation.',
  },
  access_request_not_found: {
    en: 'There is no such request any more, or you may not decide it. Reload the page.',
    de: 'Diese Anfrage gibt es nicht mehr, oder Sie dürfen nicht über sie entscheiden. Laden Sie die Seite neu.',
  },
  access_target_not_found: {
    en: 'You cannot ask for this any more. Reload the page.',
    de: 'Darum können Sie nicht mehr bitten. Laden Sie die Seite neu.',
  },
  access_already_held: {
    en: 'This access exists already.',
    de: 'Dieser Zugriff besteht schon.',
  },
  access_is_temporary: {
    en: 'This access already has an end. Ask those who manage the members of the workspace.',
    de: 'Dieser Zugriff hat schon ein Ende. Wenden Sie sich an die Personen, die die Mitglieder des Workspace verwalten.',
    help: 'accessEnds',
  },
  access_managed_by_provider: {
    en: 'Your company’s identity provider manages this access. Ask for it there.',
    de: 'Diesen Zugriff verwaltet der Identity-Provider Ihrer Firma. Bitten Sie dort darum.',
    help: 'peopleOfScim',
  },
  access_request_open: {
    en: 'You have asked for this already. Withdraw that request to make another one.',
    de: 'Darum haben Sie schon gebeten. Ziehen Sie diese Anfrage zurück, um eine andere zu stellen.',
  },
  too_many_access_requests: {
    en: 'You have 10 open requests. Withdraw one first.',
    de: 'Sie haben 10 offene Anfragen. Ziehen Sie zuerst eine zurück.',
  },
  access_requests_of_day_exhausted: {
    en: 'You have made 20 requests within a day. Try again later.',
    de: 'Sie haben an einem Tag 20 Anfragen gestellt. Versuchen Sie es später wieder.',
  },
  own_access_request: {
    en: 'Somebody else decides your request.',
    de: 'Über Ihre Anfrage entscheidet jemand anderes.',
  },
  access_request_closed: {
    en: 'This request was decided or withdrawn, or it has expired. Reload the page.',
    de: 'Diese Anfrage wurde entschieden oder zurückgezogen, oder sie ist abgelaufen. Laden Sie die Seite neu.',
  },
  access_request_outdated: {
    en: 'Things have changed since the request was made. Decline it; the person can ask again.',
    de: 'Seit der Anfrage hat sich etwas geändert. Lehnen Sie sie ab; die Person kann erneut fragen.',
  },
  approval_exceeds_request: {
    en: 'Choose what was asked for, or less.',
    de: 'Wählen Sie, worum gebeten wurde, oder weniger.',
    help: 'accessRequests',
  },
  access_policy_not_found: {
    en: 'There is no such access policy any more. Reload the page.',
    de: 'Diese Zugriffsrichtlinie gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  access_policy_name_taken: {
    en: 'Another access policy has this name. Choose another name.',
    de: 'Eine andere Zugriffsrichtlinie hat diesen Namen. Wählen Sie einen anderen.',
  },
  access_policy_not_grantable: {
    en: 'This access policy gives or takes more than you may. An admin of the organization can attach or detach it.',
    de: 'Diese Zugriffsrichtlinie gibt oder nimmt mehr, als Sie dürfen. Ein Admin der Organisation kann sie zuweisen oder entfernen.',
    saysMore: true,
    help: 'accessPolicies',
  },
  access_policy_limit_reached: {
    en: 'The organization cannot have more access policies. An admin of the organization can delete some.',
    de: 'Die Organisation hat schon die Höchstzahl an Zugriffsrichtlinien. Ein Admin der Organisation kann einige löschen.',
    saysMore: true,
  },
  invalid_access_policy: {
    en: 'The access policy is not valid.',
    de: 'Die Zugriffsrichtlinie ist nicht gültig.',
  },
  only_admins_manage_policies: {
    en: 'Only an admin of the organization can manage access policies.',
    de: 'Nur ein Admin der Organisation kann Zugriffsrichtlinien verwalten.',
  },
  user_groups_disabled: {
    en: 'This organization does not have user groups. The operator of this installation can allow them.',
    de: 'Diese Organisation hat keine Benutzergruppen. Der Betreiber dieser Installation kann sie erlauben.',
    help: 'groupEffect',
  },
  user_group_not_found: {
    en: 'There is no such user group any more. Reload the page.',
    de: 'Diese Benutzergruppe gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  wrong_kind_of_user_group: {
    en: 'This cannot be done with a user group of this kind.',
    de: 'Das geht mit einer Benutzergruppe dieser Art nicht.',
    saysMore: true,
  },
  user_group_name_taken: {
    en: 'Another user group has this name. Choose another name.',
    de: 'Eine andere Benutzergruppe hat diesen Namen. Wählen Sie einen anderen.',
  },
  idp_group_name_taken: {
    en: 'Another user group follows this group of the identity provider already.',
    de: 'Eine andere Benutzergruppe folgt dieser Gruppe des Identity-Providers schon.',
  },
  user_group_sync_needs_name: {
    en: 'Enter the name of the group at the identity provider.',
    de: 'Geben Sie den Namen der Gruppe beim Identity-Provider ein.',
    help: 'groupSynchronization',
  },
  user_group_grant_not_found: {
    en: 'The user group has no role in this workspace any more. Reload the page.',
    de: 'Die Benutzergruppe hat in diesem Workspace keine Rolle mehr. Laden Sie die Seite neu.',
  },
  user_group_grant_exists: {
    en: 'The user group has a role in this workspace already. Change that one.',
    de: 'Die Benutzergruppe hat in diesem Workspace schon eine Rolle. Ändern Sie diese.',
  },
  user_group_workspace_not_found: {
    en: 'There is no such workspace any more. Reload the page.',
    de: 'Diesen Workspace gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  user_group_exceeds_rights: {
    en: 'The user group gives or takes more than you may. An admin of the organization can change it.',
    de: 'Die Benutzergruppe gibt oder nimmt mehr, als Sie dürfen. Ein Admin der Organisation kann sie ändern.',
    saysMore: true,
    help: 'noEscalation',
  },
  policy_of_other_workspace: {
    en: 'The user group has no role in this workspace, so the access policy has no effect there.',
    de: 'Die Benutzergruppe hat in diesem Workspace keine Rolle, daher wirkt die Zugriffsrichtlinie dort nicht.',
  },
  tag_key_not_found: {
    en: 'There is no such tag in this workspace any more.',
    de: 'Dieses Tag gibt es in diesem Workspace nicht mehr.',
  },
  tag_value_not_found: {
    en: 'There is no such value of the tag in this workspace any more.',
    de: 'Diesen Wert des Tags gibt es in diesem Workspace nicht mehr.',
  },
  tagging_not_found: {
    en: 'The resource does not have this tag any more.',
    de: 'Die Ressource hat dieses Tag nicht mehr.',
  },
  tag_key_taken: {
    en: 'The workspace has a tag with this name already.',
    de: 'Der Workspace hat schon ein Tag mit diesem Namen.',
  },
  tag_value_taken: {
    en: 'The tag has this value already.',
    de: 'Das Tag hat diesen Wert schon.',
  },
  tag_limit_reached: {
    en: 'There cannot be more tags. Delete some first.',
    de: 'Die Höchstzahl an Tags ist erreicht. Löschen Sie zuerst einige.',
    saysMore: true,
  },
} satisfies ProblemTexts;
