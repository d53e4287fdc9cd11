package interop;

import static org.forgerock.json.JsonValue.field;
import static org.forgerock.json.JsonValue.json;
import static org.forgerock.json.JsonValue.object;

import java.lang.reflect.Constructor;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.forgerock.http.Client;
import org.forgerock.http.protocol.Response;
import org.forgerock.http.protocol.Status;
import org.forgerock.json.JsonValue;
import org.forgerock.json.jose.jws.SigningManager;
import org.forgerock.json.resource.ConnectionFactory;
import org.forgerock.json.resource.Requests;
import org.forgerock.selfservice.core.AnonymousProcessService;
import org.forgerock.selfservice.core.ProcessStore;
import org.forgerock.selfservice.core.ProgressStage;
import org.forgerock.selfservice.core.config.StageConfig;
import org.forgerock.selfservice.core.snapshot.SnapshotTokenConfig;
import org.forgerock.selfservice.core.snapshot.SnapshotTokenHandler;
import org.forgerock.selfservice.json.JsonAnonymousProcessServiceBuilder;
import org.forgerock.selfservice.stages.tokenhandlers.JwtTokenHandler;
import org.forgerock.selfservice.stages.tokenhandlers.JwtTokenHandlerConfig;
import org.forgerock.services.context.RootContext;
import org.forgerock.util.promise.Promises;

/** Makes services of the engine out of configured processes; all share the keys of one run. */
final class Processes {
    private final ConnectionFactory connections;
    private final KeyPair keys;
    private final byte[] secret = new byte[32];

    Processes(ConnectionFactory connections) throws java.security.NoSuchAlgorithmException {
        this.connections = connections;
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        new SecureRandom().nextBytes(secret);
    }

    AnonymousProcessService service(JsonValue configuration) {
        Map<String, JsonValue> kept = new ConcurrentHashMap<>();
        ProcessStore store = new ProcessStore() {
            @Override
            public void add(String key, JsonValue value) {
                kept.put(key, value);
            }

            @Override
            public JsonValue remove(String key) {
                return kept.remove(key);
            }
        };
        return JsonAnonymousProcessServiceBuilder.newBuilder()
                .withClassLoader(Processes.class.getClassLoader())
                .withStageConfigMapping("parameters", ParametersStage.Config.class)
                .withJsonConfig(configuration)
                .withProgressStageProvider(this::stage)
                .withTokenHandlerFactory(this::tokens)
                .withProcessStore(store)
                .build();
    }

    /** The first token of a process, once its time is over. */
    String expiredToken(JsonValue configuration) throws Exception {
        JsonValue brief = configuration.copy();
        brief.put(new org.forgerock.json.JsonPointer("snapshotToken/tokenExpiry"), "1");
        var request = Requests.newActionRequest("", "submitRequirements").setContent(json(object(field("input", object()))));
        String token = service(brief).handleAction(new RootContext(), request).getOrThrow().getJsonContent().get("token").asString();
        Thread.sleep(1100);
        return token;
    }

    private ProgressStage<StageConfig> stage(Class<? extends ProgressStage<StageConfig>> type) {
        Constructor<?> constructor = type.getConstructors()[0];
        Object[] given = Arrays.stream(constructor.getParameterTypes())
                .map(needed -> needed == Client.class ? captchaService() : connections)
                .toArray();
        try {
            return type.cast(constructor.newInstance(given));
        } catch (ReflectiveOperationException problem) {
            throw new IllegalStateException(type + " cannot be made", problem);
        }
    }

    /** In place of the service that judges captchas: `passed` is solved. No request leaves this machine. */
    private static Client captchaService() {
        return new Client((context, request) -> {
            URI uri = request.getUri().asURI();
            Response response = new Response(Status.OK);
            response.setEntity(Map.of("success", uri.getQuery().endsWith("response=passed")));
            return Promises.newResultPromise(response);
        });
    }

    private SnapshotTokenHandler tokens(SnapshotTokenConfig any) {
        JwtTokenHandlerConfig config = (JwtTokenHandlerConfig) any;
        return new JwtTokenHandler(
                config.getJweAlgorithm(),
                config.getEncryptionMethod(),
                keys,
                config.getJwsAlgorithm(),
                new SigningManager().newHmacSigningHandler(secret),
                config.getTokenLifeTimeInSeconds());
    }
}
