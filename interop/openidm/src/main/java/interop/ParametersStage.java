package interop;

import java.util.List;
import org.forgerock.json.JsonValue;
import org.forgerock.json.resource.ResourceException;
import org.forgerock.selfservice.core.ProcessContext;
import org.forgerock.selfservice.core.ProgressStage;
import org.forgerock.selfservice.core.StageResponse;
import org.forgerock.selfservice.core.config.StageConfig;
import org.forgerock.selfservice.core.util.RequirementsBuilder;

/**
 * The one stage that is ours: the documented processes begin with it, and the engine has none. It requires nothing, and
 * hands on `returnParams` as what the engine's other stages call `querystringParams` and ask for themselves if nobody
 * did. Envelope, tokens and everything after it are the engine's.
 */
public final class ParametersStage implements ProgressStage<ParametersStage.Config> {
    /** The names of the parameters that a process takes. */
    public static final class Config implements StageConfig {
        private List<String> parameterNames = List.of();

        public List<String> getParameterNames() {
            return parameterNames;
        }

        public void setParameterNames(List<String> names) {
            parameterNames = names;
        }

        @Override
        public String getName() {
            return "parameters";
        }

        @Override
        public String getProgressStageClassName() {
            return ParametersStage.class.getName();
        }
    }

    @Override
    public JsonValue gatherInitialRequirements(ProcessContext context, Config config) throws ResourceException {
        RequirementsBuilder requirements = RequirementsBuilder.newInstance("Parameters");
        for (String name : config.getParameterNames())
            requirements.addProperty(name, "Parameter named '" + name + "'");
        return requirements.build();
    }

    @Override
    public StageResponse advance(ProcessContext context, Config config) throws ResourceException {
        String given = context.getInput().get("returnParams").defaultTo("").asString();
        context.putState("querystringParams", given);
        return StageResponse.newBuilder().build();
    }
}
