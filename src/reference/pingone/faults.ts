import { FORM_FAULTS } from './form-faults.ts';
import { MANAGEMENT_FAULTS } from './management-faults.ts';
import { SIGN_ON_FAULTS } from './sign-on-faults.ts';
import { WORKFLOW_FAULTS } from './workflow-faults.ts';
import { TYPE_FAULTS } from './type-faults-named.ts';

/**
 * The mistakes that this server can be told to make, each with what the faulty server then does.
 * Every one can be seen by a client that gets tokens and creates, reads, lists and deletes policies and actions.
 */
export const PINGONE_FAULTS = {
  // Tokens
  'token-wrong-secret-accepted': 'Gives a token to the client even when its secret is wrong.',
  'token-client-in-any-case': 'Takes the identifier of an application in any letter case.',
  'token-any-client-accepted': 'Gives a token to any client identifier, with any secret.',
  'token-form-credentials-ignored': 'Refuses client credentials sent in the form, and takes them by HTTP Basic only.',
  'token-basic-credentials-ignored': 'Refuses client credentials sent by HTTP Basic, and takes them in the form only.',
  'token-credentials-not-required': 'Gives a token to a client that sends no credentials.',
  'token-other-environment-accepted': 'Gives a token at the token endpoint of an environment that does not exist.',
  'token-type-wrong': 'Says that the token is of type mac.',
  'token-type-missing': 'Leaves token_type out.',
  'token-expires-in-missing': 'Leaves expires_in out.',
  'token-expires-in-string': 'Gives expires_in as a string.',
  'token-expires-in-zero': 'Says that the token expires in zero seconds.',
  'token-access-token-missing': 'Answers 200 without an access_token.',
  'token-unusable': 'Gives tokens that its own API then refuses.',
  'token-answers-201': 'Answers a token request with 201.',
  'token-cacheable': 'Lets caches keep the token, by leaving Cache-Control: no-store out.',
  'token-grant-type-missing-accepted': 'Gives a token though grant_type is missing.',
  'token-grant-type-unknown-accepted': 'Gives a token for a grant type that does not exist.',
  'token-refusal-as-200': 'Refuses client credentials with status 200 and an error in the body.',
  'token-refusal-as-400': 'Refuses client credentials sent by HTTP Basic with 400 in place of 401.',
  'token-refusal-as-500': 'Fails with 500 on wrong client credentials.',
  'token-refusal-code-wrong': 'Reports wrong client credentials as invalid_grant.',
  'token-refusal-html': 'Refuses client credentials with an HTML page.',
  'token-refusal-without-challenge': 'Refuses HTTP Basic credentials without WWW-Authenticate.',
  'token-refusal-echoes-secret': 'Repeats the refused client secret in error_description.',
  'token-refusal-gives-token': 'Answers 401 to wrong client credentials, yet with a working access token in the body.',

  // Bearer tokens
  'create-policy-without-token': 'Creates a policy for a request without a token.',
  'list-policies-without-token': 'Lists policies for a request without a token.',
  'read-policy-without-token': 'Shows a policy to a request without a token.',
  'delete-policy-without-token': 'Deletes a policy for a request without a token.',
  'create-action-without-token': 'Creates an action for a request without a token.',
  'list-actions-without-token': 'Lists actions for a request without a token.',
  'read-action-without-token': 'Shows an action to a request without a token.',
  'delete-action-without-token': 'Deletes an action for a request without a token.',
  'garbage-token-accepted': 'Takes any text for a bearer token.',
  'garbage-token-accepted-on-reads': 'Takes any text for a bearer token when reading.',
  'garbage-token-accepted-on-writes': 'Takes any text for a bearer token when creating or replacing.',
  'garbage-token-accepted-on-deletes': 'Takes any text for a bearer token when deleting.',
  'basic-credentials-as-bearer': 'Takes HTTP Basic client credentials in place of a bearer token.',
  'missing-token-as-400': 'Refuses a missing token with 400.',
  'missing-token-as-403': 'Refuses a missing token with 403.',
  'missing-token-as-404': 'Answers a missing token with 404.',
  'missing-token-as-login-page': 'Sends a client without a token to a sign-on page by a redirect.',
  'garbage-token-as-400': 'Refuses an invalid token with 400.',
  'garbage-token-as-500': 'Fails with 500 on an invalid token.',
  'refused-token-create-carried-out': 'Answers 401 to a create without a valid token, yet creates.',
  'refused-token-delete-carried-out': 'Answers 401 to a delete without a valid token, yet deletes.',

  // Environments
  'other-environment-accepted': 'Serves its policies and actions below the path of any environment.',
  'environment-link-broken': 'Answers 404 where the environment link points.',

  // Policies
  'policy-create-answers-200': 'Answers the creation of a policy with 200.',
  'policy-create-empty': 'Answers the creation of a policy without a body.',
  'policy-not-stored': 'Answers the creation of a policy with 201, but does not store it.',
  'policy-stored-twice': 'Stores every new policy twice, under two ids.',
  'policy-overwrites-previous': 'Stores a new policy in the place of the previously created one.',
  'policy-created-as-default': 'Makes every new policy the default.',
  'policy-default-missing': 'Leaves default out of policies.',
  'policy-name-not-unique': 'Creates a second policy of the same name.',
  'policy-name-unchecked': 'Creates a policy with forbidden characters in its name.',
  'policy-name-missing-accepted': 'Creates a policy without a name.',
  'policy-name-number-accepted': 'Creates a policy whose name is a number.',
  'policy-name-not-echoed': 'Leaves the name out of policies.',
  'policy-name-lower-cased': 'Changes the name of a new policy to lower case.',
  'policy-name-constant': 'Shows the name that the documentation prints for every new policy.',
  'policy-description-lost': 'Drops the description of a policy.',
  'policy-description-constant': 'Shows the description that the documentation prints for every new policy.',
  'policy-id-missing': 'Leaves the id out of policies.',
  'policy-id-changes': 'Shows a policy under a new id in every answer.',
  'policy-environment-wrong': 'Shows a policy with the id of another environment.',
  'policy-self-link-wrong': 'Links a policy to itself under another id.',
  'policy-environment-link-wrong': 'Links a policy to an environment that does not exist.',
  'policy-actions-link-missing': 'Leaves the link to the actions out of policies.',
  'policy-actions-link-wrong': 'Links a policy to the actions of another one.',
  'policy-read-returns-first': 'Shows the first policy whichever is read.',
  'policy-read-fails': 'Answers 404 when a policy is read.',
  'policy-list-empty': 'Lists no policies.',
  'policy-list-lacks-newest': 'Leaves the newest policy out of the list.',
  'policy-list-includes-deleted': 'Lists deleted policies.',
  'policy-list-count-wrong': 'Counts one policy too many.',
  'policy-list-name-differs': 'Lists policies under other names than they have when read.',
  'policy-delete-ignored': 'Answers 204 to the deletion of a policy, but keeps it.',
  'policy-delete-answers-200': 'Answers the deletion of a policy with 200 and the policy.',
  'policy-delete-deletes-others': 'Deletes every policy but the default when one is deleted.',
  'policy-delete-leaves-it-readable': 'Takes a deleted policy off the list, but still shows it when read.',
  'policy-delete-leaves-actions': 'Still shows the actions of a deleted policy.',
  'policy-second-delete-answers-204': 'Answers 204 when a deleted policy is deleted again.',

  // Actions: what is written
  'action-create-answers-200': 'Answers the creation of an action with 200.',
  'action-create-empty': 'Answers the creation of an action without a body.',
  'action-create-echoes-request': 'Answers the creation of an action with the request alone.',
  'action-create-fails-after-storing': 'Stores a new action, then answers 500.',
  'action-not-stored': 'Answers the creation of an action with 201, but does not store it.',
  'action-stored-twice': 'Stores every new action twice, under two ids.',
  'action-overwrites-previous': 'Stores a new action in the place of the last one of its policy.',
  'action-overwrites-same-type': 'Stores a new action in the place of the one of its type in the policy.',
  'action-stored-in-default-policy': 'Stores every new action in the default policy.',
  'action-stored-in-every-policy': 'Stores a new action in every policy.',
  'action-stored-although-refused': 'Refuses a bad action with 400, but stores it.',
  'action-limit-unchecked': 'Stores more than 20 actions in a policy.',
  'second-progressive-action-refused': 'Refuses a second progressive profiling action in a policy.',
  'nested-attribute-refused': 'Refuses attributes whose name has a dot in it.',
  'required-attribute-refused': 'Refuses attributes that the user must provide.',
  'priority-lost': 'Drops the priority of an action.',
  'priority-constant': 'Gives every action the priority 50.',
  'priority-as-string': 'Shows the priority as a string.',
  'priority-renumbered': 'Replaces the priority of an action by its place in the policy.',
  'type-lost': 'Leaves the type out of actions.',
  'type-constant': 'Shows every action as PROGRESSIVE_PROFILING.',
  'prompt-text-lost': 'Drops promptText.',
  'prompt-text-constant': 'Gives every action the promptText that the documentation prints.',
  'prompt-text-truncated': 'Cuts promptText after 32 characters.',
  'prompt-text-upper-cased': 'Changes promptText to upper case.',
  'prompt-interval-lost': 'Drops promptIntervalSeconds.',
  'prompt-interval-constant': 'Gives every action a promptIntervalSeconds of 3600.',
  'prompt-interval-as-string': 'Shows promptIntervalSeconds as a string.',
  'prompt-interval-in-minutes': 'Shows promptIntervalSeconds in minutes.',
  'prevent-prompts-lost': 'Drops preventMultiplePromptsPerFlow.',
  'prevent-prompts-constant': 'Gives every action a preventMultiplePromptsPerFlow of false.',
  'prevent-prompts-defaulted': 'Turns a preventMultiplePromptsPerFlow of false into the default, true.',
  'prevent-prompts-as-string': 'Shows preventMultiplePromptsPerFlow as a string.',
  'attributes-lost': 'Drops the attributes.',
  'attributes-emptied': 'Shows the attributes as an empty array.',
  'attributes-constant': 'Gives every action the attributes that the documentation prints.',
  'attributes-reversed': 'Stores the attributes in the opposite order.',
  'attributes-sorted': 'Sorts the attributes by name.',
  'attributes-first-only': 'Stores only the first of the attributes.',
  'attributes-doubled': 'Stores every attribute twice.',
  'attributes-as-names': 'Shows the attributes as an array of names.',
  'attributes-as-object': 'Shows the attributes as an object by name.',
  'attribute-required-flipped': 'Turns required into its opposite.',
  'attribute-required-constant': 'Gives every attribute a required of false.',
  'attribute-required-lost': 'Drops required from the attributes.',
  'attribute-name-shortened': 'Keeps only the last part of an attribute name that has dots in it.',
  'stored-priority-shifted': 'Answers a create with the priority sent, but stores the next one.',
  'stored-prompt-text-lost': 'Answers a create with the promptText sent, but does not store it.',
  'stored-prompt-interval-shifted': 'Answers a create with the promptIntervalSeconds sent, but stores one more.',
  'stored-prevent-prompts-flipped':
    'Answers a create with the preventMultiplePromptsPerFlow sent, but stores the opposite.',
  'stored-attributes-shortened': 'Answers a create with the attributes sent, but does not store the last one.',
  'stored-required-flipped': 'Answers a create with the attributes sent, but stores the opposite of required.',
  'created-attributes-missing': 'Leaves the attributes out of the answer to a create.',
  'created-priority-missing': 'Leaves the priority out of the answer to a create.',
  'created-links-missing': 'Leaves the links out of the answer to a create.',
  'created-id-missing': 'Leaves the id out of the answer to a create.',
  'created-id-differs': 'Answers a create with another id than the action has.',

  // Actions: identity and links
  'action-id-shared': 'Gives a new action the id of the first one in its policy.',
  'action-id-changes': 'Shows an action under a new id whenever it is read.',
  'action-hidden-true': 'Shows every action as hidden.',
  'action-hidden-missing': 'Leaves hidden out of actions.',
  'action-policy-wrong': 'Shows an action with the id of the default policy.',
  'action-policy-missing': 'Leaves signOnPolicy out of actions.',
  'action-environment-wrong': 'Shows an action with the id of another environment.',
  'action-environment-missing': 'Leaves environment out of actions.',
  'action-links-missing': 'Leaves the links out of actions.',
  'action-self-link-wrong': 'Links an action to itself under another id.',
  'action-self-link-to-list': 'Links an action to the list of actions in place of itself.',
  'action-self-link-relative': 'Links an action to itself by a path without a host.',
  'action-links-doubled-version': 'Puts /v1 twice into the links of an action.',
  'action-policy-link-wrong': 'Links an action to the default policy in place of its own.',
  'action-policy-link-missing': 'Leaves the link to the policy out of actions.',
  'action-environment-link-wrong': 'Links an action to an environment that does not exist.',
  'action-under-other-policy': 'Shows an action below any policy.',

  // Actions: reads and lists
  'action-read-fails': 'Answers 404 when an action is read.',
  'action-read-returns-first': 'Shows the first action of the policy whichever is read.',
  'action-read-returns-last': 'Shows the last action of the policy whichever is read.',
  'action-read-wrapped': 'Shows an action inside an array.',
  'unknown-action-read-as-200': 'Answers 200 with an empty object when an unknown action is read.',
  'unknown-policy-listed-as-empty': 'Answers 200 with an empty list for the actions of an unknown policy.',
  'unknown-policy-takes-actions': 'Answers 201 to the creation of an action in an unknown policy.',
  'action-list-empty': 'Lists no actions.',
  'action-list-lacks-first': 'Leaves the first action out of the list.',
  'action-list-lacks-last': 'Leaves the last action out of the list.',
  'action-list-one-type': 'Lists only the first action of every type.',
  'action-list-one-priority': 'Lists only one of the actions that share a priority.',
  'action-list-repeats-first': 'Lists the first action in place of every other.',
  'action-list-of-default-policy': 'Lists the actions of the default policy whichever is asked for.',
  'action-list-of-every-policy': 'Lists the actions of every policy.',
  'action-list-includes-deleted': 'Lists deleted actions.',
  'action-list-count-wrong': 'Counts one action too many.',
  'action-list-count-missing': 'Leaves count out of the list of actions.',
  'action-list-bare': 'Lists actions as a bare array.',
  'action-list-misnamed': 'Lists actions under another name than actions.',
  'action-list-self-link-wrong': 'Links the list of actions to itself below another policy.',
  'listed-members-missing': 'Lists actions with id and links only.',
  'listed-priority-differs': 'Lists actions with other priorities than they have when read.',
  'listed-prompt-text-differs': 'Lists actions with another promptText than they have when read.',
  'listed-attributes-missing': 'Lists actions without their attributes.',

  // Actions: deletes
  'action-delete-ignored': 'Answers 204 to the deletion of an action, but keeps it.',
  'action-delete-answers-200': 'Answers the deletion of an action with 200 and the action.',
  'action-delete-answers-202': 'Answers the deletion of an action with 202.',
  'action-delete-refused': 'Answers the deletion of an action with 405.',
  'action-delete-deletes-all': 'Deletes every action of the policy when one is deleted.',
  'action-delete-deletes-first': 'Deletes the first action of the policy whichever is to be deleted.',
  'action-delete-same-priority': 'Deletes the actions of the same priority in other policies too.',
  'action-delete-deletes-policy': 'Deletes the whole policy when one of its actions is deleted.',
  'action-delete-leaves-it-readable': 'Takes a deleted action off the list, but still shows it when read.',
  'action-delete-below-other-policy': 'Deletes an action below any policy.',
  'action-second-delete-answers-200': 'Answers 200 when a deleted action is deleted again.',
  'action-second-delete-answers-204': 'Answers 204 when a deleted action is deleted again.',
  'last-action-deletable': 'Deletes the last action of a policy.',
  'last-action-refused-but-deleted': 'Refuses to delete the last action of a policy, but deletes it.',

  // Validation of actions
  'priority-missing-accepted': 'Creates an action without a priority.',
  'priority-zero-accepted': 'Creates an action with priority 0.',
  'priority-negative-accepted': 'Creates an action with a negative priority.',
  'priority-fraction-accepted': 'Creates an action with a fractional priority.',
  'priority-string-accepted': 'Creates an action with a priority in quotes.',
  'type-missing-accepted': 'Creates a LOGIN action when the type is missing.',
  'type-unknown-accepted': 'Creates an action of a type that does not exist.',
  'type-lower-case-accepted': 'Creates an action whose type is in lower case.',
  'attributes-missing-accepted': 'Creates a progressive profiling action without attributes.',
  'attributes-object-accepted': 'Creates a progressive profiling action whose attributes are not an array.',
  'attribute-empty-accepted': 'Creates a progressive profiling action with an empty object among its attributes.',
  'attribute-name-missing-accepted': 'Creates a progressive profiling action with an attribute without a name.',
  'attribute-name-number-accepted':
    'Creates a progressive profiling action with a number for the name of an attribute.',
  'attribute-required-missing-accepted': 'Creates a progressive profiling action with an attribute without required.',
  'attribute-required-string-accepted':
    'Creates a progressive profiling action with an attribute whose required is no boolean.',
  'prompt-interval-missing-accepted': 'Creates a progressive profiling action without promptIntervalSeconds.',
  'prompt-interval-zero-accepted': 'Creates a progressive profiling action with a promptIntervalSeconds of 0.',
  'prompt-interval-negative-accepted': 'Creates a progressive profiling action with a negative promptIntervalSeconds.',
  'prompt-interval-string-accepted': 'Creates a progressive profiling action with promptIntervalSeconds in quotes.',
  'prompt-text-missing-accepted': 'Creates a progressive profiling action without promptText.',
  'prompt-text-number-accepted': 'Creates a progressive profiling action with a number for promptText.',
  'prevent-prompts-missing-accepted': 'Creates a progressive profiling action without preventMultiplePromptsPerFlow.',
  'prevent-prompts-string-accepted':
    'Creates a progressive profiling action whose preventMultiplePromptsPerFlow is no boolean.',

  ...TYPE_FAULTS,

  // Errors
  'error-id-missing': 'Leaves the id out of errors.',
  'error-code-missing': 'Leaves the code out of errors.',
  'error-message-missing': 'Leaves the message out of errors.',
  'error-code-of-other-status': 'Reports every error with the code of an unexpected one.',
  'error-nested': 'Puts the error into a member of the body.',
  'error-details-object': 'Gives the details of an error as one object.',
  'error-detail-code-missing': 'Leaves the code out of the details of errors.',
  'error-html': 'Reports errors as HTML pages.',
  'error-empty': 'Reports errors without a body.',
  'error-as-200': 'Reports errors with status 200.',
  'error-echoes-token': 'Repeats the Authorization header in the message of errors.',
  'validation-error-as-500': 'Fails with 500 on bad bodies.',
  'malformed-json-as-500': 'Fails with 500 on a body that is not JSON.',
  'not-found-as-200': 'Answers 200 with null where nothing is found.',
  'not-found-as-400': 'Answers 400 where nothing is found.',
  'not-found-as-500': 'Fails with 500 where nothing is found.',
  ...FORM_FAULTS,
  'answers-as-plain-text': 'Sends JSON bodies as text/plain.',

  ...MANAGEMENT_FAULTS,
  ...WORKFLOW_FAULTS,
  ...SIGN_ON_FAULTS,
} as const;

/** The name of one mistake. */
export type PingoneFault = keyof typeof PINGONE_FAULTS;

/** Tells whether the server is to make a mistake. */
export type Faults = (name: PingoneFault) => boolean;

/** One way to change a value for each of some mistakes. */
export type Changes<Value, Rest extends unknown[] = []> = Partial<
  Record<PingoneFault, (value: Value, ...rest: Rest) => Value>
>;

/**
 * Changes a value as the active mistakes say.
 * @param changes what each mistake does to the value
 * @returns the value, changed by every mistake that is active
 */
export function changed<Value, Rest extends unknown[]>(
  fault: Faults,
  changes: Changes<Value, Rest>,
  value: Value,
  ...rest: Rest
): Value {
  for (const [name, change] of Object.entries(changes) as [PingoneFault, (value: Value, ...rest: Rest) => Value][])
    if (fault(name)) value = change(value, ...rest);
  return value;
}
